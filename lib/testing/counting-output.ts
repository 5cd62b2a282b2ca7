import type { LineFile, OutputFolder } from "#lib/builds/ports.ts";

/** A build's folder that counts the bytes of the lines it hands out. */
export function countingOutput(output: OutputFolder): { output: OutputFolder; taken(): number } {
  let bytes = 0;
  const counted = (file: LineFile): LineFile => ({
    ...file,
    async *lines(...from) {
      for await (const line of file.lines(...from)) {
        bytes += line.bytes;
        yield line;
      }
    },
    at(line) {
      bytes += line.bytes;
      return file.at(line);
    },
  });
  return {
    output: {
      ...output,
      async open(path) {
        const file = await output.open(path);
        return file && counted(file);
      },
    },
    /** Since it was asked last. */
    taken() {
      const taken = bytes;
      bytes = 0;
      return taken;
    },
  };
}
