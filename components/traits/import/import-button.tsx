"use client";
import { Upload } from "lucide-react";
import dynamic from "next/dynamic";
import { useRef, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { ErrorNote, Skeleton } from "#components/ui/empty.tsx";
import { messageOf } from "#lib/client/request.ts";
import type { ImportFile } from "#lib/traits/import/source.ts";
import { FileChooser } from "./file-chooser.tsx";
import { filesOfDrop } from "./given-files.ts";
import type { ImportTarget } from "./target.ts";
import { useFileDrop } from "./use-file-drop.tsx";

/** Parsers, mapping and preview: fetched with the first file. */
const ImportReview = dynamic(() => import("./import-review.tsx").then((module) => module.ImportReview), {
  ssr: false,
  loading: () => <Skeleton lines={6} />,
});

type Given =
  | { kind: "none" | "reading" }
  | { kind: "files"; files: ImportFile[] }
  | { kind: "failed"; message: string };

/** Opens the import; files dropped on the page open it, too. */
export function ImportButton({ target }: { target: ImportTarget }) {
  const [open, setOpen] = useState(false);
  const [given, setGiven] = useState<Given>({ kind: "none" });
  const [round, setRound] = useState(0);
  const newest = useRef<Promise<ImportFile[]>>(null);
  const take = async (reading: Promise<ImportFile[]>) => {
    newest.current = reading;
    setOpen(true);
    setGiven({ kind: "reading" });
    setRound((last) => last + 1);
    try {
      const files = await reading;
      if (newest.current !== reading) return;
      setGiven(files.length > 0 ? { kind: "files", files } : { kind: "failed", message: nothing });
    } catch (error) {
      setGiven({ kind: "failed", message: messageOf(error) });
    }
  };
  const overlay = useFileDrop((data) => void take(filesOfDrop(data)));
  return (
    <>
      {overlay}
      <Dialog
        trigger={
          <Button>
            <Upload size={16} aria-hidden /> Import…
          </Button>
        }
        title={target.kind === "new" ? "Import traits" : "Import pairs"}
        description="Look at what would be taken, then say so: nothing is written before."
        open={open}
        onOpenChange={(now) => {
          setOpen(now);
          if (now) setGiven({ kind: "none" });
        }}
      >
        <div className="space-y-4">
          <FileChooser compact={given.kind === "files"} onFiles={(files) => void take(files)} />
          {given.kind === "reading" && <Skeleton lines={6} />}
          {given.kind === "failed" && <ErrorNote message={given.message} />}
          {given.kind === "files" && (
            <ImportReview key={round} files={given.files} target={target} onDone={() => setOpen(false)} />
          )}
        </div>
      </Dialog>
    </>
  );
}

const nothing = "There is nothing in it that can be read: give .txt, .csv, .tsv, .jsonl or .json files.";
