import { type ComponentProps, type ReactNode, useId } from "react";
import { classNames } from "./class-names.ts";

const box = "w-full rounded-md border bg-surface px-2 py-1 text-sm min-h-8 aria-invalid:border-bad";

interface FieldProps {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  className?: string;
}

function Labelled({
  label,
  hint,
  error,
  className,
  id,
  children,
}: FieldProps & { id: string; children: ReactNode }) {
  return (
    <div className={classNames("min-w-0", className)}>
      <label htmlFor={id} className="mb-0.5 block font-medium text-sm">
        {label}
      </label>
      {children}
      {(error || hint) && (
        <p id={`${id}-note`} className={classNames("mt-0.5 text-xs", error ? "text-bad" : "text-muted")}>
          {error ?? hint}
        </p>
      )}
    </div>
  );
}

/** One-line input with its label, hint and error tied together. */
export function TextField({ label, hint, error, className, ...input }: FieldProps & ComponentProps<"input">) {
  const id = useId();
  return (
    <Labelled {...{ label, hint, error, className, id }}>
      <input
        id={id}
        className={box}
        aria-invalid={error ? true : undefined}
        aria-describedby={error || hint ? `${id}-note` : undefined}
        {...input}
      />
    </Labelled>
  );
}

/** Several lines of text. */
export function TextArea({
  label,
  hint,
  error,
  className,
  ...input
}: FieldProps & ComponentProps<"textarea">) {
  const id = useId();
  return (
    <Labelled {...{ label, hint, error, className, id }}>
      <textarea
        id={id}
        className={box}
        aria-invalid={error ? true : undefined}
        aria-describedby={error || hint ? `${id}-note` : undefined}
        {...input}
      />
    </Labelled>
  );
}

/** The platform's own select: keyboard, screen reader and phone behaviour come with it. */
export function SelectField({
  label,
  hint,
  error,
  className,
  children,
  ...select
}: FieldProps & ComponentProps<"select">) {
  const id = useId();
  return (
    <Labelled {...{ label, hint, error, className, id }}>
      <select id={id} className={box} aria-describedby={error || hint ? `${id}-note` : undefined} {...select}>
        {children}
      </select>
    </Labelled>
  );
}

export function CheckField({
  label,
  hint,
  ...input
}: { label: string; hint?: string } & ComponentProps<"input">) {
  const id = useId();
  return (
    <div className="flex items-start gap-2">
      <input id={id} type="checkbox" className="mt-1 size-4 accent-accent" {...input} />
      <label htmlFor={id} className="text-sm">
        {label}
        {hint && <span className="block text-muted text-xs">{hint}</span>}
      </label>
    </div>
  );
}
