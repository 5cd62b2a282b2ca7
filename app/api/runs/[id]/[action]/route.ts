import { z } from "zod";
import { route } from "#lib/server/http.ts";

const action = z.enum(["pause", "resume", "cancel", "retry"]);

export const POST = route<{ id: string; action: string }>(async ({ instance, params }) =>
  Response.json(await instance.runs.act(params.id, action.parse(params.action))),
);
