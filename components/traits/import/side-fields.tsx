import { SelectField } from "#components/ui/field.tsx";
import type { SideChoice } from "#lib/traits/import/source.ts";

interface SideFieldsProps {
  files: readonly { file: string }[];
  sides: SideChoice | null;
  onSides(sides: SideChoice): void;
}

/** Which side text files hold: of two, one each; a single one holds one. */
export function SideFields({ files, sides, onSides }: SideFieldsProps) {
  const [first, second] = files;
  const choices: [string, SideChoice][] = second
    ? [
        [`${first?.file} holds the positives, ${second.file} the negatives`, { positive: 0, negative: 1 }],
        [`${second.file} holds the positives, ${first?.file} the negatives`, { positive: 1, negative: 0 }],
      ]
    : [
        [`${first?.file} holds positives`, { positive: 0, negative: null }],
        [`${first?.file} holds negatives`, { positive: null, negative: 0 }],
      ];
  const chosen = choices.findIndex(
    ([, { positive, negative }]) => sides?.positive === positive && sides.negative === negative,
  );
  return (
    <SelectField
      label="Which side is which"
      value={chosen === -1 ? "" : chosen}
      onChange={(event) => {
        const choice = choices[Number(event.target.value)];
        if (choice && event.target.value !== "") onSides(choice[1]);
      }}
    >
      {chosen === -1 && <option value="">Choose</option>}
      {choices.map(([title], at) => (
        <option key={title} value={at}>
          {title}
        </option>
      ))}
    </SelectField>
  );
}
