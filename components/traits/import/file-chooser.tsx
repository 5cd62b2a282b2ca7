import { FolderOpen, Upload } from "lucide-react";
import { useRef } from "react";
import { Button } from "#components/ui/button.tsx";
import { classNames } from "#components/ui/class-names.ts";
import type { ImportFile } from "#lib/traits/import/source.ts";
import { filesOfInput } from "./given-files.ts";

interface FileChooserProps {
  /** Without the explanation, once files are there. */
  compact: boolean;
  onFiles(files: Promise<ImportFile[]>): void;
}

/** Files by the system's own dialog; the page takes dropped ones. */
export function FileChooser({ compact, onFiles }: FileChooserProps) {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const onChange = (event: React.ChangeEvent<HTMLInputElement>) => {
    const { files: chosen } = event.target;
    if (chosen && chosen.length > 0) onFiles(filesOfInput([...chosen]));
    // The same file again is a choice, too.
    event.target.value = "";
  };
  return (
    <div className={classNames(!compact && "rounded-lg border border-dashed p-6 text-center")}>
      {!compact && (
        <div className="mx-auto mb-3 max-w-prose text-sm">
          <p className="font-medium">Drop files or folders here</p>
          <p className="text-muted">
            CSV or JSON Lines, two text files with a scenario a line, a persona_vectors trait (.json), or
            folders of traits.
          </p>
        </div>
      )}
      <div className={classNames("flex flex-wrap gap-2", !compact && "justify-center")}>
        <Button onClick={() => files.current?.click()}>
          <Upload size={16} aria-hidden /> {compact ? "Other files…" : "Choose files…"}
        </Button>
        <Button onClick={() => folder.current?.click()}>
          <FolderOpen size={16} aria-hidden /> {compact ? "A folder…" : "Choose a folder…"}
        </Button>
      </div>
      <input
        ref={files}
        type="file"
        multiple
        hidden
        accept=".txt,.csv,.tsv,.jsonl,.json"
        aria-label="Files to import"
        onChange={onChange}
      />
      <input
        ref={folder}
        type="file"
        hidden
        aria-label="Folder to import"
        {...{ webkitdirectory: "" }}
        onChange={onChange}
      />
    </div>
  );
}
