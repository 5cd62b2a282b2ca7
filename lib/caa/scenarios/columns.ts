import { z } from "zod";

const column = z.string().min(1).max(200);

/** Which columns of a dataset hold what; what is left out is guessed from the columns' names. */
export const columnsSchema = z.strictObject({
  situation: column.optional(),
  /** A list of utterances, or one text: the situation where there is no other, else not read. */
  dialogue: column.optional(),
  /** Who says each utterance. */
  speakers: column.optional(),
  /** The character's name; without it: the first speaker, else a name found in the text. */
  name: column.optional(),
  /** What the character is asked; without it one question serves all. */
  question: column.optional(),
});
export type Columns = z.output<typeof columnsSchema>;
export const columnRoles = columnsSchema.keyof().options;
