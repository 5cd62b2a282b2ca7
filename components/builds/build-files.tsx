"use client";
import { whole } from "#components/format.ts";
import { Skeleton } from "#components/ui/empty.tsx";
import type { BuildSnapshot } from "#lib/builds/api.ts";
import { buildFilePath, useBuildFiles } from "#lib/client/builds.ts";

/** What a build wrote, to download. @param title of a file by its name; null leaves it out */
export function BuildFiles({
  build,
  title = (name) => name,
}: {
  build: BuildSnapshot;
  title?(name: string): string | null;
}) {
  const { data } = useBuildFiles(build);
  if (!data) return <Skeleton lines={2} />;
  const files = data.files.flatMap((file) => {
    const label = title(file.name);
    return label === null ? [] : [{ ...file, label }];
  });
  if (files.length === 0) return <p className="text-muted text-sm">Nothing is written yet.</p>;
  return (
    <ul className="space-y-1 text-sm">
      {files.map(({ name, bytes, label }) => (
        <li key={name}>
          <a
            href={buildFilePath(build.kind, build.name, name)}
            download
            className="break-all text-accent underline underline-offset-2"
          >
            {label}
          </a>{" "}
          <span className="text-muted">{whole(Math.ceil(bytes / 1024))} KiB</span>
        </li>
      ))}
    </ul>
  );
}
