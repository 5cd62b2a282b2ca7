"use client";
import { useQueryClient } from "@tanstack/react-query";
import { Copy, Pencil, Trash2 } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { toast } from "sonner";
import { moment, percent, whole } from "#components/format.ts";
import { messageOf } from "#lib/client/request.ts";
import { traitsApi } from "#lib/client/trait-queries.ts";
import type { TraitOverview } from "#lib/traits/api.ts";
import { NameDialog } from "./name-dialog.tsx";

/** The traits as a table; on a narrow screen each row becomes a card. */
export function TraitTable({ traits }: { traits: readonly TraitOverview[] }) {
  return (
    <table className="w-full rounded-lg border bg-surface text-sm max-md:block">
      <caption className="sr-only">Traits</caption>
      <thead className="text-left text-muted text-xs max-md:hidden">
        <tr className="border-b">
          {["Trait", "Pairs", "Definition", "Questions", "Passed", "Last edit", "Actions"].map((title) => (
            <th key={title} scope="col" className="px-3 py-2 font-medium last:text-right">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="divide-y max-md:block">
        {traits.map((trait) => (
          <TraitRow key={trait.trait} overview={trait} />
        ))}
      </tbody>
    </table>
  );
}

function Cell({ name, children }: { name: string; children: ReactNode }) {
  return (
    <td className="px-3 py-2 align-top max-md:flex max-md:gap-2 max-md:py-0.5">
      <span className="w-24 shrink-0 text-muted text-xs md:hidden">{name}</span>
      <span className="min-w-0">{children}</span>
    </td>
  );
}

function TraitRow({ overview }: { overview: TraitOverview }) {
  const { trait, positives, negatives, definition, questions, vetting, edited_at, problem } = overview;
  const rate = vetting?.response_pass_rate ?? vetting?.scenario_pass_rate ?? null;
  return (
    <tr className="max-md:block max-md:py-2">
      <th scope="row" className="px-3 py-2 text-left align-top font-medium max-md:block max-md:py-1">
        <Link href={`/traits/${trait}`} className="break-all text-accent underline underline-offset-2">
          {trait}
        </Link>
        {problem && <p className="max-w-prose font-normal text-warn text-xs">{problem}</p>}
      </th>
      <Cell name="Pairs">
        {positives === negatives ? whole(positives) : `${whole(positives)} + / ${whole(negatives)} −`}
      </Cell>
      <Cell name="Definition">{definition ? "yes" : "no"}</Cell>
      <Cell name="Questions">{whole(questions)}</Cell>
      <Cell name="Passed">
        {vetting && rate !== null ? (
          <>
            {percent(rate)}{" "}
            <span className="text-muted text-xs">
              of {vetting.response_pass_rate === null ? "scenarios" : "responses"}, {vetting.experiment}
            </span>
          </>
        ) : (
          <span className="text-muted">not vetted</span>
        )}
      </Cell>
      <Cell name="Last edit">{moment(edited_at)}</Cell>
      <td className="px-2 py-1 align-top">
        <Actions trait={trait} />
      </td>
    </tr>
  );
}

const tool = "rounded p-1.5 hover:bg-raised";

function Actions({ trait }: { trait: string }) {
  const client = useQueryClient();
  const renew = () => {
    client.removeQueries({ queryKey: ["trait", trait] });
    return Promise.all([
      client.invalidateQueries({ queryKey: ["traits"] }),
      client.invalidateQueries({ queryKey: ["trait-bin"] }),
    ]);
  };
  const remove = async () => {
    try {
      const entry = await traitsApi.remove(trait);
      const undo = () =>
        traitsApi
          .restoreDeleted(entry)
          .catch((error) => toast.error(messageOf(error)))
          .finally(() => void renew());
      toast(`${trait} is in the bin.`, { duration: 10_000, action: { label: "Undo", onClick: undo } });
    } catch (error) {
      toast.error(messageOf(error));
    }
    await renew();
  };
  return (
    <div className="flex md:justify-end">
      <NameDialog
        trigger={
          <button type="button" className={tool} aria-label={`Duplicate ${trait}`} title="Duplicate">
            <Copy size={16} aria-hidden />
          </button>
        }
        title={`Duplicate ${trait}`}
        description="The same files under another name."
        name={trait}
        action="Duplicate"
        onName={async (to) => {
          await traitsApi.duplicate(trait, to);
          await renew();
        }}
      />
      <NameDialog
        trigger={
          <button type="button" className={tool} aria-label={`Rename ${trait}`} title="Rename">
            <Pencil size={16} aria-hidden />
          </button>
        }
        title={`Rename ${trait}`}
        description="Its files and history go with it; results of experiments keep the old name."
        name={trait}
        action="Rename"
        onName={async (to) => {
          await traitsApi.rename(trait, to);
          await renew();
        }}
      />
      <button
        type="button"
        className={tool}
        aria-label={`Delete ${trait}`}
        title="Delete"
        onClick={() => void remove()}
      >
        <Trash2 size={16} aria-hidden />
      </button>
    </div>
  );
}
