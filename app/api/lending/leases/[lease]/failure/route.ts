import { AppError } from "#lib/core/errors.ts";
import { failureSchema } from "#lib/engine/lending/messages.ts";
import { bodyOf, route } from "#lib/server/http.ts";

/** A batch that could not be done; with code `aborted` it is only given back. */
export const POST = route<{ lease: string }>(async ({ instance, request, params }) => {
  const { error } = await bodyOf(request, failureSchema);
  instance.lending.fail(params.lease, AppError.fromJSON(error));
  return Response.json({});
});
