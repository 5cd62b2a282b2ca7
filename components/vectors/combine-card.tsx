"use client";
import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { ErrorNote } from "#components/ui/empty.tsx";
import { CheckField, SelectField, TextField } from "#components/ui/field.tsx";
import { messageOf } from "#lib/client/request.ts";
import { useCombineVectors, useVectorList } from "#lib/client/vector-queries.ts";
import type { EvaluationRow } from "#lib/pipeline/results.ts";
import type { CombineRequest } from "#lib/pipeline/vectors-api.ts";
import { refOf } from "./compare-card.tsx";

const operations = {
  add: { title: "add others", hint: "v + factor · (the others)" },
  subtract: { title: "subtract others", hint: "v − factor · (the others)" },
  scale: { title: "scale", hint: "factor · v" },
  orthogonal: { title: "make orthogonal to others", hint: "v without what it shares with any of the others" },
  average: { title: "average over layers", hint: "the mean over these layers, at each of them" },
} as const;
type Operation = keyof typeof operations;
const isOperation = (name: string): name is Operation => name in operations;

interface CombineCardProps {
  experiment: string;
  row: EvaluationRow;
  /** Width of the vectors: others must have it. */
  hidden: number;
  onMade(method: string): void;
}

/** Arithmetic on the chosen method's vectors, layer by layer; what comes out stands beside the trait's others. */
export function CombineCard({ experiment, row, hidden, onMade }: CombineCardProps) {
  const { trait, method } = row;
  const base = refOf({ experiment, trait, method });
  const { data: list } = useVectorList();
  const combine = useCombineVectors(experiment);
  const [operation, setOperation] = useState<Operation>("subtract");
  const [factor, setFactor] = useState("1");
  const [layers, setLayers] = useState("all");
  const [name, setName] = useState("");
  const [others, setOthers] = useState<string[]>([]);
  const takesOthers = operation !== "scale" && operation !== "average";
  const takesFactor = operation !== "orthogonal" && operation !== "average";
  const candidates = [...new Set((list?.vectors ?? []).filter((one) => one.hidden === hidden).map(refOf))];
  const number = Number(factor);
  const ready =
    name !== "" &&
    (!takesOthers || others.length > 0) &&
    (!takesFactor || (factor.trim() !== "" && Number.isFinite(number)));

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!ready) return;
    const signs = { add: 1, subtract: -1, scale: 0, orthogonal: 0, average: 0 };
    const recipe: CombineRequest = {
      trait,
      name,
      terms: [
        { factor: operation === "scale" ? number : 1, name: base },
        ...(signs[operation] === 0
          ? []
          : others.map((other) => ({ factor: signs[operation] * number, name: other }))),
      ],
      orthogonalTo: operation === "orthogonal" ? others : [],
      averageLayers: operation === "average" ? layers : null,
    };
    combine.mutate(recipe, {
      onSuccess: (made) => {
        const zero = made.zero.length > 0 ? `; it is zero at layers ${made.zero.join(", ")}` : "";
        toast.success(`${made.method} is made${zero}`);
        setName("");
        onMade(made.method);
      },
    });
  };

  return (
    <Card
      title="Combine"
      hint={`Arithmetic on ${trait}, ${method} (v), layer by layer, on raw vectors: unit vector times norm. The result is tested on the held-out rows like any method.`}
    >
      <form onSubmit={submit} className="space-y-3">
        <div className="grid gap-3 sm:max-w-3xl sm:grid-cols-3">
          <SelectField
            label="Operation"
            hint={operations[operation].hint}
            value={operation}
            onChange={(event) => isOperation(event.target.value) && setOperation(event.target.value)}
          >
            {Object.entries(operations).map(([id, { title }]) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </SelectField>
          {takesFactor && (
            <TextField
              label="Factor"
              inputMode="decimal"
              value={factor}
              onChange={(event) => setFactor(event.target.value)}
            />
          )}
          {operation === "average" && (
            <TextField
              label="Layers to average"
              hint="all, 1,4, 2-5"
              value={layers}
              onChange={(event) => setLayers(event.target.value)}
            />
          )}
          <TextField
            label="Name of the result"
            hint="a-z, 0-9, _ and -"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </div>
        {takesOthers && (
          <fieldset>
            <legend className="font-medium text-sm">Others ({others.length} chosen)</legend>
            <div className="grid max-h-48 gap-1 overflow-y-auto sm:grid-cols-2 lg:grid-cols-3">
              {candidates.map((ref) => (
                <CheckField
                  key={ref}
                  label={ref}
                  checked={others.includes(ref)}
                  onChange={(event) =>
                    setOthers(event.target.checked ? [...others, ref] : others.filter((one) => one !== ref))
                  }
                />
              ))}
            </div>
          </fieldset>
        )}
        {combine.error && <ErrorNote message={messageOf(combine.error)} />}
        <Button type="submit" look="primary" disabled={!ready || combine.isPending}>
          Make it
        </Button>
      </form>
    </Card>
  );
}
