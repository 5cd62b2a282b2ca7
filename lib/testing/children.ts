import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll } from "vitest";

export interface Child {
  process: ChildProcess;
  /** Everything it wrote so far. */
  stdout(): string;
  stderr(): string;
  /** Resolves once stdout matches; rejects when it ends before. */
  until(pattern: RegExp): Promise<void>;
  /** Its exit code, or the signal that ended it. */
  ended: Promise<number | NodeJS.Signals>;
}

const running = new Set<ChildProcess>();

/** Runs a TypeScript file under this Node. Whatever is still alive after the test file is killed by its process id. */
export function startNode(file: string, args: string[], env: Record<string, string> = {}): Child {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", file, ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  let out = "";
  let err = "";
  const changed = new EventTarget();
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
    changed.dispatchEvent(new Event("change"));
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
    changed.dispatchEvent(new Event("change"));
  });
  const ended = once(child, "close").then(([code, signal]: (number | NodeJS.Signals | null)[]) => {
    running.delete(child);
    return code ?? signal ?? 1;
  });
  return {
    process: child,
    stdout: () => out,
    stderr: () => err,
    ended,
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const check = () => pattern.test(out) && resolve();
        changed.addEventListener("change", check);
        check();
        ended.then((code) => reject(new Error(`${file} ended (${code}) before ${pattern}: ${out}${err}`)));
      }),
  };
}

afterAll(() => {
  for (const child of running) child.kill("SIGKILL");
});
