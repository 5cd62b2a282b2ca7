import { caaKind } from "../caa/kind.ts";
import { refineryKind } from "../refinery/kind.ts";
import { type BuildKinds, buildKind } from "./kinds.ts";

/** Every builder that the server has: a new one is an entry here. */
export const builders: BuildKinds = { caa: buildKind(caaKind), refinery: buildKind(refineryKind) };
