const local = new Set(["localhost", "127.0.0.1", "[::1]"]);
const readOnly = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Why a request is refused, or null. The server listens on the loopback address only; a page of another site can still
 * reach it through the person's own browser: by a name that resolves here (DNS rebinding), or by sending a form.
 * @param allowed further host names, from TILLER_ALLOWED_HOSTS (comma-separated)
 */
export function refusalOf(
  request: { method: string; headers: Pick<Headers, "get"> },
  allowed = process.env.TILLER_ALLOWED_HOSTS ?? "",
): string | null {
  const host = request.headers.get("host") ?? "";
  const name = host.replace(/:\d+$/, "");
  const extra = allowed.split(",").map((entry) => entry.trim());
  if (!local.has(name) && !(name !== "" && extra.includes(name))) {
    return `host ${JSON.stringify(host)} is not served: open http://localhost, or name the host in TILLER_ALLOWED_HOSTS`;
  }
  if (readOnly.has(request.method)) return null;
  const origin = request.headers.get("origin");
  const site = request.headers.get("sec-fetch-site");
  // The command line sends neither; a browser always sends an Origin with a state-changing request.
  if (origin === null)
    return site === null || site === "same-origin" ? null : "requests from other sites are refused";
  const sameHost = URL.canParse(origin) && new URL(origin).host === host;
  return sameHost ? null : `requests from ${origin} are refused: they may only come from Tiller's own pages`;
}
