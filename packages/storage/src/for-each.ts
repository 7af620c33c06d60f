/** Enough to keep a disk or a store busy, and few enough for their limits of open files and connections. */
const atOnce = 16;

/** Does the work on every item, some at the same time. After a failure it begins no more, and ends when all have ended. */
export const forEach = async <Item>(items: Iterable<Item>, work: (item: Item) => Promise<unknown>): Promise<void> => {
  const remaining = (function* () {
    yield* items;
  })();
  const worker = async () => {
    // One generator for all workers: whoever leaves the loop by an error ends it for the others too.
    for (const item of remaining) await work(item);
  };
  const ended = await Promise.allSettled(Array.from({ length: atOnce }, worker));
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
};
