/**
 * What work says while it goes on, in order, and then what it resolves to. Work begins with the first item that is asked
 * for. Throws what it throws.
 */
export async function* whileWorking<Item, Result>(
  work: (say: (item: Item) => void) => Promise<Result>,
): AsyncGenerator<Item, Result, undefined> {
  const waiting: Item[] = [];
  let wake = () => {};
  let ended = false;
  const working = work((item) => {
    waiting.push(item);
    wake();
  }).finally(() => {
    ended = true;
    wake();
  });
  working.catch(() => undefined);
  while (!ended || waiting.length > 0) {
    if (waiting.length === 0) {
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (ended) resolve();
      });
    }
    yield* waiting.splice(0);
  }
  return working;
}
