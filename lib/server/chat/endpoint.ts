import type { AppError } from "#lib/core/errors.ts";
import { errorOf, type RouteCall, route, statusOf } from "../http.ts";

/** A route of the OpenAI-compatible surface: a token is asked for, and errors have that API's shape beside Tiller's own. */
export function endpoint(handle: (call: RouteCall<Record<string, never>>) => Promise<Response>) {
  return route<Record<string, never>>(async (call) => {
    try {
      await call.instance.access.check(call.request.headers);
    } catch (thrown) {
      return refusal(call, thrown, 401);
    }
    try {
      return await handle(call);
    } catch (thrown) {
      return refusal(call, thrown);
    }
  });
}

function refusal(
  { instance }: Pick<RouteCall<never>, "instance">,
  thrown: unknown,
  status?: number,
): Response {
  const error = errorOf(thrown, instance);
  return Response.json({ error: openAiError(error) }, { status: status ?? statusOf(error) });
}

/** An error as OpenAI's clients read it, and as Tiller's own pages do. */
export function openAiError(error: AppError) {
  const known = statusOf(error) < 500;
  return {
    ...error.toJSON(),
    message: error.userMessage,
    type: known ? "invalid_request_error" : "server_error",
    param: null,
  };
}
