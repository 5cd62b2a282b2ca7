import { z } from "zod";

/** GET /api/experiments/{exp}/vectors?…&about: what an export of vectors brings, and how it is used. */
export const vectorExportSchema = z.object({
  files: z.array(z.object({ name: z.string(), bytes: z.number() })),
  /** How its layer numbers count. */
  convention: z.string(),
  /** Lines to copy. */
  usage: z.string(),
});
export type VectorExport = z.infer<typeof vectorExportSchema>;
