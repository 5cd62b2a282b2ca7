#!/usr/bin/env node
// `npx tiller …` is `npm run tiller -- …`.
process.argv.splice(2, 0, "tiller");
await import("./bootstrap.mjs");
