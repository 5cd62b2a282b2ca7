import { TextField } from "#components/ui/field.tsx";
import type { WriterSettings } from "#lib/authoring/api.ts";

interface WriterFieldsProps {
  writer: WriterSettings;
  onWriter(change: Partial<WriterSettings>): void;
}

/** Which language model writes. Keys are the server's. */
export function WriterFields({ writer, onWriter }: WriterFieldsProps) {
  const plain = { required: true, autoCapitalize: "none", spellCheck: false };
  return (
    <>
      <TextField
        label="Writer"
        hint="The URL of an OpenAI-compatible endpoint, or builtin (an installed model). Its key is TILLER_JUDGE_KEY, set where the server runs."
        placeholder="https://api.openai.com/v1"
        value={writer.judge}
        onChange={(event) => onWriter({ judge: event.target.value })}
        {...plain}
      />
      <TextField
        label="Writer model"
        hint="The endpoint's name for it, or the id of an installed instruct model"
        placeholder="gpt-4.1-mini"
        value={writer.model}
        onChange={(event) => onWriter({ model: event.target.value })}
        {...plain}
      />
    </>
  );
}
