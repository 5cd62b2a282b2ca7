"use client";
import { RotateCcw, Send, Square } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { TextArea } from "#components/ui/field.tsx";

interface ComposerProps {
  busy: boolean;
  /** What a link brought along. */
  first: string | null;
  canSend: boolean;
  canRegenerate: boolean;
  onSend(text: string): void;
  onStop(): void;
  onRegenerate(): void;
  onText(text: string): void;
}

/** Where the next message is written. Enter sends, Shift+Enter is a new line, Escape stops an answer. */
export function Composer(props: ComposerProps) {
  const { busy, first, canSend, canRegenerate, onSend, onStop, onRegenerate, onText } = props;
  const [text, setText] = useState(first ?? "");
  useEffect(() => {
    if (!busy) return;
    const key = (event: KeyboardEvent) => {
      if (event.key === "Escape") onStop();
    };
    addEventListener("keydown", key);
    return () => removeEventListener("keydown", key);
  }, [busy, onStop]);
  const send = () => {
    if (!canSend || text.trim() === "") return;
    onSend(text);
    setText("");
    onText("");
  };
  return (
    <div className="grid gap-2">
      <TextArea
        label="Message"
        rows={2}
        value={text}
        hint="Enter sends to both sides, Shift+Enter is a new line, Escape stops."
        onChange={(event) => {
          setText(event.target.value);
          onText(event.target.value);
        }}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          send();
        }}
      />
      <div className="flex flex-wrap gap-2">
        <Button look="primary" onClick={send} disabled={!canSend || text.trim() === ""}>
          <Send size={14} aria-hidden /> Send
        </Button>
        <Button onClick={onStop} disabled={!busy}>
          <Square size={14} aria-hidden /> Stop
        </Button>
        <Button onClick={onRegenerate} disabled={!canRegenerate}>
          <RotateCcw size={14} aria-hidden /> Regenerate
        </Button>
      </div>
    </div>
  );
}
