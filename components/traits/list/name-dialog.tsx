import { NameDialog as AnyNameDialog, type NameDialogProps } from "#components/ui/name-dialog.tsx";

export const traitNameHint = "category/trait, with a-z, 0-9, _ and -; for example mine/kindness";

/** Asks for a trait's name. */
export function NameDialog(props: Omit<NameDialogProps, "hint">) {
  return <AnyNameDialog hint={traitNameHint} {...props} />;
}
