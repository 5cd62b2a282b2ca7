import { existsSync, readdirSync } from "node:fs";
import path from "node:path";

/** Exporter-made graphs with random weights; they lie beside the repository, where they are at all. */
export const graphsFolder = path.resolve("../shared/data/graphs");
export const graphNames = existsSync(graphsFolder)
  ? readdirSync(graphsFolder).filter((name) => existsSync(path.join(graphsFolder, name, "config.json")))
  : [];

export function graphFolder(name: string): string {
  return path.join(graphsFolder, name);
}
