import path from "node:path";
import { type Child, startNode } from "./children.ts";

/** The command line as `npm run tiller` starts it, on a home of its own. */
export function startCli(home: string, words: string[], env: Record<string, string> = {}): Child {
  return startNode(path.resolve("lib/cli/main.ts"), words, {
    TILLER_HOME: home,
    TILLER_CWD: process.cwd(),
    ...env,
  });
}
