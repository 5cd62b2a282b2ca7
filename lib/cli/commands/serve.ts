import { spawn } from "node:child_process";
import path from "node:path";
import { AppError } from "#lib/core/errors.ts";
import { projectRoot } from "#lib/server/paths.ts";

/** `tiller serve [--port N]`: the same server as `npm start`. @returns its exit code */
export function serveCommand({ port }: { port?: string }): Promise<number> {
  const number = Number(port ?? process.env.PORT ?? 3000);
  if (!Number.isInteger(number) || number < 1 || number > 65535) {
    throw new AppError("usage", `--port ${port}: write a number from 1 to 65535`);
  }
  const server = spawn(process.execPath, [path.join(projectRoot(), "tools/project/serve.mjs")], {
    cwd: projectRoot(),
    env: { ...process.env, PORT: String(number) },
    stdio: "inherit",
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => server.kill(signal));
  return new Promise((resolve, reject) => {
    server.on("error", reject);
    server.on("exit", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 1)));
  });
}
