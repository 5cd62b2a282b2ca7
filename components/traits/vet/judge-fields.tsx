import { TextField } from "#components/ui/field.tsx";
import { type ConfigInput, judgeModelDefaults } from "#lib/pipeline/config.ts";

export interface JudgeForm {
  /** `builtin`, or a base URL. */
  judge: string;
  /** Empty: that judge's default. */
  model: string;
  /** Empty: what the server has for this endpoint. */
  key: string;
}

export function isEndpoint(judge: string): boolean {
  return /^https?:\/\/\S+$/.test(judge.trim());
}

/** Why this is no judge; null where it may be one. */
export function judgeProblem({ judge }: JudgeForm): string | null {
  if (judge.trim() === "builtin" || isEndpoint(judge)) return null;
  return "write builtin, or the URL of an OpenAI-compatible endpoint (http://…/v1)";
}

/** The settings of an experiment's config.json. */
export function judgeConfig({ judge, model }: JudgeForm): ConfigInput {
  const name = judge.trim();
  return {
    judge: name,
    judge_model: model.trim() || judgeModelDefaults[name === "builtin" ? "builtin" : "endpoint"],
  };
}

interface JudgeFieldsProps {
  form: JudgeForm;
  onEdit(change: Partial<JudgeForm>): void;
}

/** Which judge is asked, and with which key. */
export function JudgeFields({ form, onEdit }: JudgeFieldsProps) {
  const endpoint = isEndpoint(form.judge);
  return (
    <>
      <TextField
        label="Judge"
        hint="builtin (a small model of Tiller’s own; it knows the demo traits only), or the URL of an OpenAI-compatible endpoint"
        error={form.judge.trim() === "" ? undefined : (judgeProblem(form) ?? undefined)}
        value={form.judge}
        onChange={(event) => onEdit({ judge: event.target.value })}
      />
      <TextField
        label="Judge model"
        placeholder={judgeModelDefaults[endpoint ? "endpoint" : "builtin"]}
        value={form.model}
        onChange={(event) => onEdit({ model: event.target.value })}
      />
      {endpoint && (
        <TextField
          label="Key of the endpoint"
          type="password"
          autoComplete="off"
          hint="if it needs one; left empty: as it is. Stays on the server and is never shown again"
          value={form.key}
          onChange={(event) => onEdit({ key: event.target.value })}
        />
      )}
    </>
  );
}
