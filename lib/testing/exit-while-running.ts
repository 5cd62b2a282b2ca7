import { createNodeEngines } from "#lib/server/engine/engines.ts";

// Ends with exit code 7 in the middle of a generation. Run as: node exit-while-running.ts HOME
const engine = await createNodeEngines({ home: process.argv[2], threads: 1 }).load("demo", { device: "cpu" });
let tokens = 0;
await engine.generate(
  Array.from({ length: 8 }, (_, at) => ({
    prompt: { text: `On day ${at}` },
    maxNewTokens: 400,
    sampling: { temperature: 3, topP: 1 },
    seed: at,
  })),
  {
    onToken() {
      tokens++;
      if (tokens === 30) process.exit(7);
    },
  },
);
