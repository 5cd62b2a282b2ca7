"use client";
import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { SelectField, TextField } from "#components/ui/field.tsx";
import { outcomes, type RefineryOverview } from "#lib/refinery/api.ts";
import { payloadTypes } from "#lib/refinery/payload-types.ts";
import { rejectionReasons } from "#lib/refinery/reasons.ts";
import { reasonWords } from "./words.ts";

const verdicts = ["pass", "revise", "reject", "none"] as const;

/** The browser's filter, page and open record, kept in the page's address. */
export function useRecordQuery() {
  return useQueryStates({
    outcome: parseAsStringLiteral(outcomes),
    reason: parseAsStringLiteral(rejectionReasons),
    category: parseAsString,
    type: parseAsStringLiteral(payloadTypes),
    verdict: parseAsStringLiteral(verdicts),
    search: parseAsString.withDefault(""),
    page: parseAsInteger.withDefault(1),
    record: parseAsString,
  });
}
export type RecordQuery = ReturnType<typeof useRecordQuery>[0];

interface RecordFiltersProps {
  overview: RefineryOverview;
  query: RecordQuery;
  onQuery(change: Partial<RecordQuery>): void;
}

export function RecordFilters({ overview, query, onQuery }: RecordFiltersProps) {
  const select = <Key extends "outcome" | "reason" | "category" | "type" | "verdict">(
    key: Key,
    label: string,
    options: readonly (readonly [value: string, title: string])[],
  ) => (
    <SelectField
      label={label}
      className="w-44"
      value={query[key] ?? ""}
      onChange={(event) => onQuery({ [key]: event.target.value || null, page: 1 })}
    >
      <option value="">all</option>
      {options.map(([value, title]) => (
        <option key={value} value={value}>
          {title}
        </option>
      ))}
    </SelectField>
  );
  const same = (names: readonly string[]) => names.map((name) => [name, name] as const);
  return (
    <fieldset className="mb-3 flex flex-wrap items-end gap-3">
      <legend className="sr-only">Filter the records</legend>
      {select("outcome", "Outcome", same(outcomes))}
      {select(
        "reason",
        "Reason",
        rejectionReasons.map((reason) => [reason, reasonWords[reason]] as const),
      )}
      {select("category", "Category", same(overview.categories))}
      {select("type", "Kind of answer", same(overview.payload_types))}
      {select("verdict", "Critique", same(verdicts))}
      <TextField
        label="Id holds"
        type="search"
        className="w-44"
        value={query.search}
        onChange={(event) => onQuery({ search: event.target.value, page: 1 })}
      />
    </fieldset>
  );
}
