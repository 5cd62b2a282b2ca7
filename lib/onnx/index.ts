export * from "./contract.ts";
export { describeGraph } from "./describe.ts";
export { instrumentFailure } from "./errors.ts";
export { instrument } from "./instrument.ts";
export { largestWeight } from "./largest-weight.ts";
export { type ByteSource, bytesSource } from "./proto/wire.ts";
export { storedDtype } from "./weight-dtype.ts";
