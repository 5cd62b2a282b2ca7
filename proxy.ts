import { type NextRequest, NextResponse } from "next/server";
import { AppError } from "#lib/core/errors.ts";
import { refusalOf } from "#lib/server/request-guard.ts";

/** Stands before every page and route: only this machine's own pages and commands get through. */
export function proxy(request: NextRequest): Response {
  const refusal = refusalOf(request);
  if (refusal === null) return NextResponse.next();
  return Response.json({ error: new AppError("forbidden", refusal).toJSON() }, { status: 403 });
}
