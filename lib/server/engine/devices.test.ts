import { existsSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { AppError } from "#lib/core/errors.ts";
import type { Device } from "#lib/engine/contract.ts";
import { temporaryFolder } from "#lib/testing/temporary.ts";
import { projectRoot } from "../paths.ts";
import { type DeviceReport, detectDevices, deviceError, fastestDevice } from "./devices.ts";
import { loadNodeEngine } from "./load-engine.ts";

const cudaProvider = path.join(
  projectRoot(),
  "node_modules/onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime_providers_cuda.so",
);

describe("devices", () => {
  it("are reported with a reason, the processor first and always there", async () => {
    const devices = await detectDevices();
    expect(devices.map(({ device }) => device)).toEqual(["cpu", "cuda", "webgpu"]);
    expect(devices[0]).toEqual({ device: "cpu", available: true, reason: "always available" });
    for (const { available, reason } of devices) {
      expect(reason.split("\n")).toHaveLength(1);
      if (!available) expect(reason).toMatch(/cannot be used: .+; .+/);
    }
  });

  it("that are reported as there load a model, others say why not", async () => {
    const home = temporaryFolder();
    for (const { device, available, reason } of await detectDevices()) {
      const loaded = await loadNodeEngine({ modelId: "demo", device, home }).catch((error: unknown) => error);
      if (loaded instanceof AppError)
        expect(loaded).toMatchObject({ code: "device-unavailable", message: reason });
      else expect(available).toBe(true);
    }
  });

  it.skipIf(existsSync(cudaProvider) || process.platform !== "linux" || process.arch !== "x64")(
    "name the CUDA library that is missing and the way to get it",
    async () => {
      const failed = loadNodeEngine({ modelId: "demo", device: "cuda", home: temporaryFolder() });
      await expect(failed).rejects.toMatchObject({
        code: "device-unavailable",
        message: expect.stringMatching(
          /libonnxruntime_providers_\w+\.so is missing; run `node .*install\.js/,
        ),
      });
    },
  );

  it("are chosen by speed, with the reason why a faster one is not used", () => {
    const report = (device: Device, available: boolean): DeviceReport => ({
      device,
      available,
      reason: available ? "a test session started" : `device ${device} cannot be used: it is not there`,
    });
    const [cpu, cuda, webgpu] = [report("cpu", true), report("cuda", true), report("webgpu", true)];
    const none = report("cuda", false);
    expect(fastestDevice([cpu, cuda, webgpu], "linux")).toEqual({ device: "cuda", reason: "cuda" });
    expect(fastestDevice([cpu, none, webgpu], "linux")).toEqual({
      device: "cpu",
      reason: "cpu; device cuda cannot be used: it is not there",
    });
    expect(fastestDevice([cpu, none, webgpu], "darwin").device).toBe("webgpu");
    expect(fastestDevice([cpu, none, report("webgpu", false)], "win32")).toEqual({
      device: "cpu",
      reason:
        "cpu; device cuda cannot be used: it is not there; device webgpu cannot be used: it is not there",
    });
  });

  it("of the browser are refused on the server", async () => {
    await expect(
      loadNodeEngine({ modelId: "demo", device: "wasm", home: temporaryFolder() }),
    ).rejects.toThrow(/device wasm cannot be used: it runs in the browser; choose cpu/);
  });

  it.each([
    ["cuda", "libcudnn.so.9: cannot open shared object file: No such file", "libcudnn.so.9 is missing"],
    [
      "webgpu",
      "Couldn't load Vulkan: libvulkan.so.1: cannot open shared object",
      "libvulkan.so.1 is missing",
    ],
    ["webgpu", "Failed to get a WebGPU adapter: No supported adapters", "no graphics adapter was found"],
  ] as const)("%s: %s", (device, text, cause) => {
    expect(deviceError(device, new Error(text)).message).toContain(cause);
  });
});
