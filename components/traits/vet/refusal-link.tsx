import { Button } from "#components/ui/button.tsx";
import { remedyOf } from "./loop.ts";

export interface RefusalLinkProps {
  /** What was refused, and why. */
  message: string;
  onWrite(): void;
  onJudge(): void;
}

/** The way to where a refusal is mended; nothing where that is not on this page. */
export function RefusalLink({ message, onWrite, onJudge }: RefusalLinkProps) {
  const place = remedyOf(message);
  if (place === null) return null;
  return place === "write" ? (
    <Button onClick={onWrite}>Go to the editor</Button>
  ) : (
    <Button onClick={onJudge}>Change the judge…</Button>
  );
}
