import { Slot } from "radix-ui";
import type { ComponentProps } from "react";
import { classNames } from "./class-names.ts";

const looks = {
  primary: "bg-accent text-on-accent border-transparent hover:opacity-90",
  secondary: "bg-surface text-ink border-line hover:bg-raised",
  quiet: "bg-transparent text-ink border-transparent hover:bg-raised",
  danger: "bg-surface text-bad border-line hover:bg-raised",
};

interface ButtonProps extends ComponentProps<"button"> {
  look?: keyof typeof looks;
  /** Renders the child (a link) with a button's look. */
  asChild?: boolean;
}

export function Button({ look = "secondary", asChild, className, type = "button", ...rest }: ButtonProps) {
  const Element = asChild ? Slot.Root : "button";
  return (
    <Element
      {...(asChild ? {} : { type })}
      className={classNames(
        "inline-flex min-h-8 items-center justify-center gap-1.5 rounded-md border px-3 py-1 font-medium text-sm disabled:opacity-50",
        looks[look],
        className,
      )}
      {...rest}
    />
  );
}
