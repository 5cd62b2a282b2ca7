/** Isolation lets WebAssembly use threads; the rest keeps other sites' pages and scripts out. */
const headers = [
  { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
  { key: "Cross-Origin-Embedder-Policy", value: "require-corp" },
  { key: "Cross-Origin-Resource-Policy", value: "same-origin" },
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "X-Frame-Options", value: "DENY" },
  { key: "Referrer-Policy", value: "no-referrer" },
];

/** @type {import("next").NextConfig} */
export default {
  poweredByHeader: false,
  // Native or WebAssembly packages, and those that start threads from their own files, stay outside the bundle.
  serverExternalPackages: [
    "onnxruntime-node",
    "@huggingface/transformers",
    "sharp",
    "@electric-sql/pglite",
    "pglite-prisma-adapter",
    "@prisma/client",
    "@prisma/adapter-pg",
    "pg",
    "pg-boss",
    "piscina",
    "pino",
  ],
  // `npm test` checks types once for the whole project; the build need not do it again.
  typescript: { ignoreBuildErrors: true },
  // proxy.ts would cut a lender's hidden states (lib/server/lending/lent-engine.ts) and the parts of an upload off at 10 MB.
  experimental: { proxyClientMaxBodySize: "64mb" },
  headers: async () => [{ source: "/:path*", headers }],
};
