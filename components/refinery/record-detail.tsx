"use client";
import { duration, moment } from "#components/format.ts";
import { Badge } from "#components/ui/badge.tsx";
import { ErrorNote, Skeleton } from "#components/ui/empty.tsx";
import { LineDiff } from "#components/ui/line-diff.tsx";
import { useRefineryRecord } from "#lib/client/refinery.ts";
import { messageOf } from "#lib/client/request.ts";
import type { RefineryDetail } from "#lib/refinery/api.ts";
import { stepWords } from "./words.ts";

/** What led to a record's outcome: the request, the gates, the critique, and what the teacher changed. */
export function RecordDetail({ build, id, version }: { build: string; id: string; version: string }) {
  const { data, error } = useRefineryRecord(build, id, version);
  if (error) return <ErrorNote message={messageOf(error)} />;
  if (!data) return <Skeleton lines={6} />;
  return (
    <div className="mt-2 space-y-4 border-l-2 pl-3">
      {data.prompt !== null && (
        <section>
          <h3 className="mb-1 font-semibold text-sm">Request</h3>
          <p className="max-h-40 overflow-y-auto whitespace-pre-wrap break-words font-mono text-xs">
            {data.prompt}
          </p>
        </section>
      )}
      <Gates detail={data} />
      <Critique critique={data.critique} />
      {data.draft !== null && data.refined !== null ? (
        <LineDiff title="From draft to refined" before={pretty(data.draft)} after={pretty(data.refined)} />
      ) : (
        <p className="text-muted">
          {data.refined === null ? "No answer came." : "The draft is not there any more."}
        </p>
      )}
      <p className="text-muted text-xs">
        {data.teacher.selected_model ?? "no model"} (
        {data.teacher.attempted_models.join(" → ") || "none asked"}, {data.teacher.provider}) ·{" "}
        {duration((data.teacher.timing?.total_time_ms ?? 0) / 1000)} ·{" "}
        {data.teacher.usage
          ? `${data.teacher.usage.prompt_tokens} + ${data.teacher.usage.completion_tokens} tokens`
          : "tokens not told"}{" "}
        · {moment(data.created_at)}
      </p>
    </div>
  );
}

function Gates({ detail: { gates, contract } }: { detail: RefineryDetail }) {
  return (
    <section>
      <h3 className="mb-1 font-semibold text-sm">Gates</h3>
      <ul className="space-y-1">
        {Object.entries(gates).map(([name, { passed, reason_code, details }]) => {
          const skipped = reason_code === "skipped_contract_failed";
          return (
            <li key={name} className="break-words">
              <Badge tone={passed ? "good" : skipped ? "neutral" : "bad"}>
                {passed ? "✓ passed" : skipped ? "– not looked at" : "✕ failed"}
              </Badge>{" "}
              {stepWords[name] ?? name}{" "}
              <span className="text-muted text-xs">
                {passed || skipped ? "" : `${reason_code} `}
                {detailText(details)}
              </span>
            </li>
          );
        })}
      </ul>
      {contract && contract.errors.length > 0 && (
        <ul className="mt-2 space-y-0.5 font-mono text-bad text-xs">
          {contract.errors.map((error) => (
            <li key={error} className="break-words">
              {error}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** A gate's details in one line; errors are listed by themselves. */
function detailText({ errors, message, ...details }: Record<string, unknown>): string {
  return Object.entries(details)
    .map(
      ([name, value]) =>
        `${name.replaceAll("_", " ")}: ${typeof value === "object" ? JSON.stringify(value) : value}`,
    )
    .join(", ");
}

function Critique({ critique }: { critique: RefineryDetail["critique"] }) {
  if (!critique) return <p className="text-muted">There is no critique of its draft.</p>;
  return (
    <section>
      <h3 className="mb-1 font-semibold text-sm">
        Critique: <span className="font-normal">{critique.verdict}</span>
      </h3>
      <ul className="list-disc space-y-0.5 pl-5">
        {critique.issues.map(({ type, severity, message }) => (
          <li key={`${type} ${message}`}>
            {message} <span className="text-muted text-xs">{`${type}, ${severity}`}</span>
          </li>
        ))}
        {critique.rewrite_instructions.map((instruction) => (
          <li key={instruction}>{instruction}</li>
        ))}
      </ul>
    </section>
  );
}

/** JSON with one value a line, so that lines can be compared; anything else as it is. */
function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
