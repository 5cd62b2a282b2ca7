import type { RunService } from "./runs/service.ts";

const KEEP_ALIVE_MS = 15_000;

/** A run as Server-Sent Events: `snapshot` with the whole picture, then `run` with each RunEvent. Ends with the signal. */
export function runEventStream(
  runs: RunService,
  runId: string,
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let stop = () => {};
  return new ReadableStream({
    async start(controller) {
      const send = (text: string) => controller.enqueue(encoder.encode(text));
      const beat = setInterval(() => send(": still here\n\n"), KEEP_ALIVE_MS);
      let unfollow = () => {};
      stop = () => {
        clearInterval(beat);
        unfollow();
        stop = () => {};
      };
      signal.addEventListener("abort", () => {
        stop();
        controller.close();
      });
      unfollow = await runs.follow(runId, (message) => {
        if (message.type === "snapshot")
          send(`event: snapshot\ndata: ${JSON.stringify(message.snapshot)}\n\n`);
        else send(`event: run\ndata: ${JSON.stringify(message.event)}\n\n`);
      });
      if (signal.aborted) stop();
    },
    cancel: () => stop(),
  });
}
