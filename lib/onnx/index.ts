export * from "./contract.ts";
export { describeGraph } from "./describe.ts";
export { instrument } from "./instrument.ts";
