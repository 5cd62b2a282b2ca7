export { type Paint, paintOf, type Scale } from "#lib/core/colour-scale.ts";
