import { useEffect, useRef, useState } from "react";
import type { Download, DownloadSource } from "#lib/browser/asking-engines.ts";
import type { ChatBackend } from "#lib/client/chat/backend.ts";
import type { BrowserBackend } from "#lib/client/chat/browser-backend.ts";
import { serverBackend } from "#lib/client/chat/server-backend.ts";
import { AppError } from "#lib/core/errors.ts";
import type { ChatDevice } from "./use-settings.ts";

export interface Question extends Download {
  answer(source: DownloadSource): void;
  refuse(): void;
}

/** The backend of a device, opened when first asked; a browser's model is freed with the page or another choice. */
export function useBackend(device: ChatDevice) {
  const [question, setQuestion] = useState<Question | null>(null);
  const [progress, setProgress] = useState("");
  const opened = useRef<Promise<BrowserBackend> | null>(null);
  const refuse = useRef(() => {});

  // biome-ignore lint/correctness/useExhaustiveDependencies: another device is another backend
  useEffect(() => {
    return () => {
      const backend = opened.current;
      opened.current = null;
      refuse.current();
      setProgress("");
      backend?.then((loaded) => loaded.dispose()).catch(() => undefined);
    };
  }, [device]);

  const ask = (download: Download) =>
    new Promise<DownloadSource>((resolve, reject) => {
      refuse.current = () => reject(new AppError("aborted", "the download was not wanted"));
      setQuestion({ ...download, answer: resolve, refuse: refuse.current });
    }).finally(() => setQuestion(null));

  const open = async (): Promise<ChatBackend> => {
    if (device === "server") return serverBackend;
    opened.current ??= import("#lib/client/chat/browser-backend.ts").then(({ createBrowserBackend }) =>
      createBrowserBackend({ device, ask, onProgress: setProgress }),
    );
    return opened.current;
  };
  return { open, question, progress };
}
