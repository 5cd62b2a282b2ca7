"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { toast } from "sonner";
import { traitsApi, useTraits } from "#lib/client/trait-queries.ts";
import { ImportButton } from "../import/import-button.tsx";

/** New traits from files. */
export function ImportTraits() {
  const router = useRouter();
  const client = useQueryClient();
  const { data } = useTraits();
  return (
    <ImportButton
      target={{
        kind: "new",
        taken: data?.map(({ trait }) => trait) ?? [],
        create: async (trait, texts) => {
          await traitsApi.create({ trait, texts, kind: "import" });
        },
        done: (traits) => {
          void client.invalidateQueries({ queryKey: ["traits"] });
          const [only] = traits;
          if (traits.length === 1 && only) router.push(`/traits/${only}`);
          else if (traits.length > 1) toast.success(`${traits.length} traits were imported.`);
        },
      }}
    />
  );
}
