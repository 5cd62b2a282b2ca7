// Saves pairs into a trait for ever, one more a save, and tells each save that was acknowledged.
import { FolderStore } from "#lib/server/store/folder-store.ts";
import { TraitService } from "#lib/server/traits/service.ts";

const [home = "", trait = ""] = process.argv.slice(2);
const traits = new TraitService(new FolderStore(home));
let { version } = await traits.read(trait);
for (let count = 1; ; count++) {
  const side = (name: string) => Array.from({ length: count }, (_, at) => `${name} ${at}\n`).join("");
  const texts = { "positive.txt": side("yes"), "negative.txt": side("no") };
  ({ version } = await traits.save(trait, { base: version, texts }));
  console.log(`saved ${count}`);
}
