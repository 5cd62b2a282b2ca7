"use client";
import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { Button } from "#components/ui/button.tsx";
import { SelectField, TextField } from "#components/ui/field.tsx";
import { type SampleFilter, type SampleOrder, sampleOrders } from "./sample-filter.ts";

const score = (standard: number) => parseAsInteger.withDefault(standard);

const orderTitles: Record<SampleOrder, string> = {
  question: "as asked",
  most: "largest change first",
  least: "smallest change first",
};

/** The browser's filter, kept in the page's address. */
export function useSampleFilter() {
  return useQueryStates(
    {
      traitFrom: score(0),
      traitTo: score(100),
      coherenceFrom: score(0),
      coherenceTo: score(100),
      text: parseAsString.withDefault(""),
      order: parseAsStringLiteral(sampleOrders).withDefault("question"),
    },
    {
      urlKeys: { traitFrom: "tmin", traitTo: "tmax", coherenceFrom: "cmin", coherenceTo: "cmax", text: "q" },
    },
  );
}

interface SampleFiltersProps {
  filter: SampleFilter;
  onFilter(change: Partial<SampleFilter> | null): void;
}

export function SampleFilters({ filter, onFilter }: SampleFiltersProps) {
  const bound = (label: string, key: "traitFrom" | "traitTo" | "coherenceFrom" | "coherenceTo") => (
    <TextField
      label={label}
      type="number"
      min={0}
      max={100}
      className="w-32"
      value={filter[key]}
      onChange={(event) => {
        const value = event.target.valueAsNumber;
        if (Number.isFinite(value)) onFilter({ [key]: Math.min(Math.max(Math.round(value), 0), 100) });
      }}
    />
  );
  return (
    <fieldset className="mb-3 flex flex-wrap items-end gap-3">
      <legend className="sr-only">Filter the samples by their steered answer</legend>
      {bound("Trait from", "traitFrom")}
      {bound("Trait to", "traitTo")}
      {bound("Coherence from", "coherenceFrom")}
      {bound("Coherence to", "coherenceTo")}
      <TextField
        label="Text holds"
        type="search"
        className="w-52"
        value={filter.text}
        onChange={(event) => onFilter({ text: event.target.value })}
      />
      <SelectField
        label="Order"
        className="w-48"
        value={filter.order}
        onChange={(event) => {
          const order = sampleOrders.find((name) => name === event.target.value);
          if (order) onFilter({ order });
        }}
      >
        {sampleOrders.map((name) => (
          <option key={name} value={name}>
            {orderTitles[name]}
          </option>
        ))}
      </SelectField>
      <Button onClick={() => onFilter(null)}>Show all</Button>
    </fieldset>
  );
}
