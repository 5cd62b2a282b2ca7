import { duration, whole } from "#components/format.ts";
import { size } from "#lib/browser/device-fit.ts";
import type { RunSnapshot } from "#lib/pipeline/api.ts";

type Worker = RunSnapshot["workers"][number];

const heads = ["Browser", "Device", "Batches", "Rows", "Time", "Rows/s", "Tokens/s", "Memory"];

/** What each lending browser has done, how fast, and what it holds for it. */
export function WorkersTable({ workers }: { workers: Worker[] }) {
  return (
    <div className="mt-3">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className="overflow-x-auto" tabIndex={0} aria-label="Browsers, scrollable">
        <table className="w-full min-w-[640px] text-left text-sm">
          <caption className="sr-only">Which browser did what</caption>
          <thead className="text-muted text-xs">
            <tr>
              {heads.map((head) => (
                <th key={head} scope="col" className="py-1 pr-3 font-normal">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="tabular-nums">
            {workers.map((worker) => (
              <WorkerRow key={`${worker.name} ${worker.device}`} worker={worker} />
            ))}
          </tbody>
        </table>
      </section>
      <p className="mt-2 text-muted text-xs">
        Time and rates include the way to the server and back. Tokens/s: new tokens in the batches that write.
        Memory: the runtime's WebAssembly heap (it never shrinks) and the graphics buffers it holds, when the
        browser last asked for work.
      </p>
    </div>
  );
}

function WorkerRow({ worker }: { worker: Worker }) {
  const { name, device, batches, rows, seconds, tokens, writing_seconds, memory } = worker;
  return (
    <tr className="border-t">
      <th scope="row" className="py-1 pr-3 font-medium">
        {name}
      </th>
      <td className="pr-3">{device}</td>
      <td className="pr-3">{whole(batches)}</td>
      <td className="pr-3">{whole(rows)}</td>
      <td className="pr-3">{duration(seconds)}</td>
      <td className="pr-3">{rate(rows, seconds)}</td>
      <td className="pr-3">{rate(tokens, writing_seconds)}</td>
      <td>{memory ? memoryText(memory) : "not told"}</td>
    </tr>
  );
}

function rate(count: number | undefined, seconds: number | undefined): string {
  return count && seconds ? (count / seconds).toFixed(1) : "–";
}

function memoryText({ heap, graphics }: NonNullable<Worker["memory"]>): string {
  return graphics > 0 ? `${size(heap)} + ${size(graphics)} graphics` : size(heap);
}
