import { refineryKind } from "../refinery/kind.ts";
import type { BuildKinds } from "./kinds.ts";

/** Every builder that the server has: a new one is an entry here. */
export const builders: BuildKinds = { refinery: refineryKind };
