import { buildIfNeeded } from "../../tools/project/serve.mjs";

/** Before the first test: servers that start at once would build at once. */
export default function build(): void {
  buildIfNeeded();
}
