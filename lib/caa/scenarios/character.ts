/** Words that begin sentences, and names of things, that are no person's name. */
const NO_NAMES = new Set(
  `A About After All Also Although Always An And Another Any As At Because Before Both But By Can Christmas Could Did Do Does
During Each Earlier Early Easter Eventually Every Everyone Finally First For Friday From Had Has Have He Her Here His How However
I If In Instead It Its January February March April May June July August September October November December Just Last Later Let
Many Maybe Meanwhile Monday More Most Mr Mrs Ms Dr My Never Next No Nobody Not Now Of Often On Once One Only Or Our Out Over People
PersonX PersonY PersonZ Please Perhaps Saturday She Should Since So Some Someone Sometimes Soon Still Suddenly Sunday Thank Thanks
That The Their Then There These They This Those Though Thursday To Today Together Tomorrow Tuesday Two Until Up We Wednesday Well
Were What When Where Which While Who Why Will With Without Would Yes Yesterday Yet You Your`.split(/\s+/),
);
const TITLE = /\b(?:Mr|Mrs|Ms|Dr|Miss|Sir|Lady|Aunt|Uncle)\.? $/;
const WORD = /\b\p{Lu}[\p{Ll}'’]+(?:-\p{Lu}\p{Ll}+)?/gu;

const PLACE = /\b(?:in|from|near|of|at|the|an?|on|into)\s$/i;

/**
 * The name of the person a text is about: of the capitalised words that are no sentence's usual beginning, the one that
 * comes most often, the earliest of equals. A word that only begins sentences counts where somebody is a he or a she.
 * Null where there is none.
 */
export function characterIn(text: string): string | null {
  const found = new Map<string, { count: number; inside: boolean }>();
  for (const { 0: whole, index } of text.matchAll(WORD)) {
    const word = whole.replace(/['’]s?$/, "");
    const before = text.slice(0, index);
    if (NO_NAMES.has(word) || PLACE.test(before)) continue;
    const title = TITLE.exec(before)?.[0] ?? "";
    const begins = /(?:^|[.!?:"“”\n])\s*$/.test(before.slice(0, before.length - title.length));
    const name = `${title}${word}`;
    const { count, inside } = found.get(name) ?? { count: 0, inside: false };
    found.set(name, { count: count + 1, inside: inside || !begins || title !== "" });
  }
  const anyone = /\b(?:he|she|his|her|him|they|their)\b/i.test(text);
  const names = [...found].filter(([, { inside, count }]) => inside || anyone || count > 1);
  const best = names.sort(([, a], [, b]) => b.count - a.count)[0];
  return best?.[0] ?? null;
}
