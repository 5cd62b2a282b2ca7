// The direction of docs/architecture.md, as errors:
// core <- {traits, formats, vectors, onnx} <- {engine, judge} <- teacher <- builds
//      <- {pipeline, caa, refinery, authoring, chat}
//      <- {server | browser} <- {client, cli} <- components <- app
// `testing` may be imported by tests only.

const TEST = "\\.(test|spec|fuzz)\\.tsx?$|^lib/testing/|^tests/|^bench/";
const RUNTIME = "^lib/browser/(worker|load-web-engine|runtime|web-session)\\.ts$";
const layers = [
  ["lib/core"],
  ["lib/traits", "lib/formats", "lib/vectors", "lib/onnx"],
  ["lib/engine", "lib/judge"],
  ["lib/teacher"],
  ["lib/builds"],
  ["lib/pipeline", "lib/caa", "lib/refinery", "lib/authoring", "lib/chat"],
  ["lib/server", "lib/browser"],
  ["lib/client", "lib/cli"],
  ["components"],
  ["app"],
];
const under = (folders) => `^(${folders.join("|")})/`;

/** A folder may import from layers below it and from itself; its neighbours in the same layer are out of reach. */
const directionRules = layers.flatMap((folders, depth) =>
  folders.map((folder) => ({
    name: `direction-${folder.replace("lib/", "")}`,
    comment: `${folder} may import only what lies below it (docs/architecture.md).`,
    severity: "error",
    from: { path: under([folder]), pathNot: TEST },
    to: {
      path: under(
        layers.flatMap((other, at) => (at >= depth ? other : [])).filter((other) => other !== folder),
      ),
    },
  })),
);

const below = under(layers.slice(0, 6).flat());

export default {
  forbidden: [
    ...directionRules,
    {
      name: "core-imports-zod-only",
      comment: "core is the leaf: pure values, no platform.",
      severity: "error",
      from: { path: "^lib/core/", pathNot: TEST },
      to: { dependencyTypes: ["npm", "npm-dev", "core"], pathNot: "node_modules/zod/" },
    },
    {
      name: "no-platform-below-adapters",
      comment: "Nothing below server | browser knows Node, Prisma or Next: it must run in both.",
      severity: "error",
      from: { path: below, pathNot: TEST },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "no-platform-packages-below-adapters",
      comment: "Prisma, PGlite, Next, React and the runtimes enter through an adapter.",
      severity: "error",
      from: { path: below, pathNot: TEST },
      to: {
        path: "node_modules/(@prisma|prisma|@electric-sql|pg-boss|next|react|react-dom|onnxruntime-node|onnxruntime-web|piscina|pino)/",
      },
    },
    {
      name: "prisma-stops-at-the-repositories",
      comment: "Prisma types stop at lib/server/database.",
      severity: "error",
      from: { pathNot: "^lib/server/(database|generated)/" },
      to: { path: "^lib/server/generated/|node_modules/@prisma/" },
    },
    {
      name: "components-never-import-server",
      comment: "Components run in the browser.",
      severity: "error",
      from: { path: "^(components|lib/client)/", pathNot: TEST },
      to: { path: "^lib/server/" },
    },
    {
      name: "runtime-only-in-its-worker",
      comment: "A page fetches no model runtime: its Web Worker does, when a model is loaded.",
      severity: "error",
      from: { path: "^(app|components|lib)/", pathNot: RUNTIME },
      to: { path: `${RUNTIME}|node_modules/onnxruntime-web/`, dependencyTypesNot: ["type-only"] },
    },
    {
      name: "testing-is-for-tests",
      comment: "Fakes and planted data never ship.",
      severity: "error",
      from: { path: "^(app|components|lib)/", pathNot: TEST },
      to: { path: "^lib/testing/" },
    },
    {
      name: "no-circular",
      comment: "A cycle hides which piece is the simpler one.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^lib/server/generated/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
      extensions: [".ts", ".tsx", ".mjs", ".js", ".json"],
    },
  },
};
