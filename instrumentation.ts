/** Next.js calls this once when the server starts: the database is opened and the queue begins before the first page. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs" || process.env.NEXT_PHASE === "phase-production-build") return;
  const { startInstance } = await import("#lib/server/current.ts");
  await startInstance();
}
