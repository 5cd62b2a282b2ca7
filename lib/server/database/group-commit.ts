/**
 * Gathers what is written while a write is under way into the next one: many callers, one statement at a time.
 * The returned function resolves once its own entries are written, and rejects when the write that held them failed.
 */
export function groupCommit<T>(write: (entries: T[]) => Promise<void>): (entries: T[]) => Promise<void> {
  let waiting: { entries: T[]; written: Promise<void> } | null = null;
  let underWay: Promise<unknown> = Promise.resolve();
  return (entries) => {
    if (waiting) {
      waiting.entries.push(...entries);
      return waiting.written;
    }
    const group = { entries: [...entries], written: Promise.resolve() };
    group.written = underWay.then(() => {
      waiting = null;
      return write(group.entries);
    });
    underWay = group.written.catch(() => {});
    waiting = group;
    return group.written;
  };
}
