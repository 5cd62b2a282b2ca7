"use client";
import { whole } from "#components/format.ts";
import { Button } from "#components/ui/button.tsx";
import { Progress } from "#components/ui/progress.tsx";
import type { UploadProgress } from "#lib/client/uploads.ts";

interface UploadBarProps {
  progress: UploadProgress | null;
  onCancel(): void;
}

/** How much of a file has arrived, while one is on its way. */
export function UploadBar({ progress, onCancel }: UploadBarProps) {
  if (!progress) return null;
  const { name, sent, size } = progress;
  return (
    <div className="sticky bottom-2 z-10 flex items-center gap-3 rounded-lg border bg-surface p-3 text-sm shadow">
      <div className="min-w-0 grow space-y-1">
        <p className="break-words">
          Uploading {name}:{" "}
          <span className="tabular-nums">
            {megabytes(sent)} of {megabytes(size)} MB
          </span>
        </p>
        <Progress done={sent} total={size} label={`Upload of ${name}`} />
      </div>
      <Button onClick={onCancel}>
        Cancel<span className="sr-only"> the upload</span>
      </Button>
    </div>
  );
}

function megabytes(bytes: number): string {
  return whole(Math.ceil(bytes / 1e6));
}
