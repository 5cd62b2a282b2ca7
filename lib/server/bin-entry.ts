const ENTRY = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-[0-9a-f]{8}$/;

/** What a bin names that which was deleted at a moment: names in their order are moments in theirs. @param randomId eight hex digits */
export function newBinEntry(now: Date, randomId: string): string {
  const stamp = now.toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "-");
  return `${stamp}-${randomId}`;
}

export function isBinEntry(name: string): boolean {
  return ENTRY.test(name);
}

/** ISO 8601, to the second. */
export function deletedAt(entry: string): string {
  return entry.replace(ENTRY, "$1-$2-$3T$4:$5:$6.000Z");
}
