import type { ConfigInput } from "#lib/pipeline/config.ts";

/** config.json as a list of settings; what it leaves out has its default. */
export function ConfigTable({ config }: { config: ConfigInput }) {
  const rows = Object.entries(config).filter(([name]) => name !== "description");
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
      {rows.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-muted">{name.replaceAll("_", " ")}</dt>
          <dd className="min-w-0 break-words font-mono text-xs leading-5">
            {typeof value === "string" ? value : JSON.stringify(value)?.replaceAll(",", ", ")}
          </dd>
        </div>
      ))}
    </dl>
  );
}
