import { existsSync } from "node:fs";
import path from "node:path";
import { AppError } from "#lib/core/errors.ts";
import type { Device } from "#lib/engine/contract.ts";
import { Message } from "#lib/onnx/proto/writer.ts";
import { projectRoot } from "../paths.ts";

export interface DeviceReport {
  device: Device;
  available: boolean;
  /** Why, in one line; for a device that is not there also what to do. */
  reason: string;
}

const CUDA_HELP =
  "run `node node_modules/onnxruntime-node/script/install.js --onnxruntime-node-install=cuda12` once (it downloads the CUDA provider) and have CUDA 12 and cuDNN 9 installed";
const WEBGPU_HELP =
  "on the server WebGPU needs a graphics driver with Vulkan (Linux: package libvulkan1 and the card's driver), Metal or Direct3D 12";

/**
 * The fastest device that works, and why the faster ones are not used. WebGPU counts where it cannot be a processor
 * that plays a graphics card, as Vulkan's software adapters on Linux do.
 */
export function fastestDevice(
  devices: readonly DeviceReport[],
  platform: NodeJS.Platform = process.platform,
): { device: Device; reason: string } {
  const order: Device[] = platform === "linux" ? ["cuda", "cpu"] : ["cuda", "webgpu", "cpu"];
  const passedOver: string[] = [];
  for (const device of order) {
    const report = devices.find((candidate) => candidate.device === device);
    if (report?.available) return { device, reason: [device, ...passedOver].join("; ") };
    if (report) passedOver.push(report.reason);
  }
  return { device: "cpu", reason: passedOver.join("; ") };
}

/** Tries every device of the server and says why one is there or not. CPU comes first: it always works. */
export async function detectDevices(): Promise<DeviceReport[]> {
  const cpu: DeviceReport = { device: "cpu", available: true, reason: "always available" };
  return [cpu, await probe("cuda"), await probe("webgpu")];
}

async function probe(device: Device): Promise<DeviceReport> {
  try {
    await requireDevice(device);
    return { device, available: true, reason: "a test session started" };
  } catch (error) {
    return { device, available: false, reason: AppError.from(error).message };
  }
}

/** Starts a tiny session on a device. Throws `device-unavailable`, saying what is missing and how to get it. */
export async function requireDevice(device: Device): Promise<void> {
  if (device === "cpu") return;
  requireLibraries(device);
  try {
    const { InferenceSession } = await import("onnxruntime-node");
    const session = await InferenceSession.create(probeModel(), { executionProviders: [device] });
    await session.release();
  } catch (error) {
    throw deviceError(device, error);
  }
}

/** Throws `device-unavailable`, naming the library that is missing, before the runtime fails with less to say. */
function requireLibraries(device: Device): void {
  if (device === "wasm") throw unavailable(device, "it runs in the browser", "choose cpu, cuda or webgpu");
  if (device !== "cuda") return;
  const { platform, arch } = process;
  if (platform !== "linux" || arch !== "x64") {
    throw unavailable(
      device,
      `onnxruntime-node has no CUDA build for ${platform} ${arch}`,
      "choose cpu or webgpu",
    );
  }
  for (const name of ["libonnxruntime_providers_shared.so", "libonnxruntime_providers_cuda.so"]) {
    const file = path.join(projectRoot(), "node_modules/onnxruntime-node/bin/napi-v6/linux/x64", name);
    if (!existsSync(file)) throw unavailable(device, `${name} is missing`, CUDA_HELP);
    const missing = missingDependency(file);
    if (missing) throw unavailable(device, `${missing} is missing`, CUDA_HELP);
  }
}

/** What opening a session on a device failed with, as `device-unavailable` when the device is the cause. */
export function deviceError(device: Device, error: unknown): AppError {
  if (error instanceof AppError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const library = /([\w.+-]+\.(?:so|dll|dylib)[\w.]*): cannot open/.exec(text)?.[1];
  if (device === "cuda")
    return unavailable(device, library ? `${library} is missing` : firstLine(text), CUDA_HELP);
  const cause = /adapter/i.test(text) ? "no graphics adapter was found" : firstLine(text);
  return unavailable(device, library ? `${library} is missing` : cause, WEBGPU_HELP);
}

function unavailable(device: Device, cause: string, help: string): AppError {
  return new AppError("device-unavailable", `device ${device} cannot be used: ${cause}; ${help}`);
}

/** The library that the dynamic linker misses when it opens `file`, or null. */
function missingDependency(file: string): string | null {
  try {
    process.dlopen({ exports: {} }, file);
  } catch (error) {
    // A library that opens is still "no Node addon": only the linker's own complaint counts.
    return /(\S+\.so[\w.]*): cannot open shared object/.exec(String(error))?.[1] ?? null;
  }
  return null;
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? text;
}

/** A graph whose output is its input, y = Identity(x), float32 [1] (onnx.proto: ModelProto, ir_version 8, opset 17). */
function probeModel(): Uint8Array {
  const type = new Message().message(
    1,
    new Message().varint(1, 1).message(2, new Message().message(1, new Message().varint(1, 1))),
  );
  const value = (name: string) => new Message().text(1, name).message(2, type);
  const node = new Message().text(1, "x").text(2, "y").text(4, "Identity");
  const graph = new Message()
    .message(1, node)
    .text(2, "probe")
    .message(11, value("x"))
    .message(12, value("y"));
  return new Message()
    .varint(1, 8)
    .message(7, graph)
    .message(8, new Message().text(1, "").varint(2, 17))
    .finish();
}
