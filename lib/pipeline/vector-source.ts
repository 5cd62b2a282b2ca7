import { z } from "zod";

/** Where vectors come from that no method extracted here. */
export const vectorSourceSchema = z.discriminatedUnion("kind", [
  z.looseObject({
    kind: z.literal("import"),
    files: z.array(z.object({ name: z.string(), sha256: z.string() })),
    format: z.string(),
    /** As the files name it. */
    model: z.string().nullable(),
  }),
  z.looseObject({ kind: z.literal("combination"), recipe: z.string() }),
]);
export type VectorSource = z.infer<typeof vectorSourceSchema>;
