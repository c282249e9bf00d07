import { ThawFailure, thawError } from '../../../../../shared/errors.ts';

/**
 * Applies `work` to a sequence, at most `lookAhead` items at once, and yields results in the sequence's order. The
 * sequence is pulled only as results are taken, so neither it nor the results pile up. When the signal aborts it
 * throws ThawFailure `cancelled`, so that an early end cannot pass for a complete one.
 */
export async function* orderedMap<T, R>(
  items: AsyncIterable<T> | Iterable<T>,
  lookAhead: number,
  work: (item: T, index: number) => Promise<R>,
  signal?: AbortSignal,
): AsyncGenerator<R> {
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  const pending: Promise<R>[] = [];
  let ended = false;
  try {
    for (let index = 0; ;) {
      while (!ended && pending.length < lookAhead) {
        if (signal?.aborted === true) throw cancelled();
        const next = await iterator.next();
        if (next.done === true) {
          ended = true;
        } else {
          const result = work(next.value, index++);
          result.catch(() => undefined);
          pending.push(result);
        }
      }
      if (signal?.aborted === true) throw cancelled();
      const first = pending.shift();
      if (first === undefined) return;
      yield await settledOrAborted(first, signal);
    }
  } catch (cause) {
    if (signal?.aborted === true) throw cancelled();
    throw cause;
  } finally {
    if (!ended) await iterator.return?.();
  }
}

function cancelled(): ThawFailure {
  return new ThawFailure(thawError('cancelled', 'Cancelled.'));
}

/** Not `Promise.race` with one long-lived promise: that would keep every result alive as long as the signal. */
function settledOrAborted<R>(result: Promise<R>, signal: AbortSignal | undefined): Promise<R> {
  if (signal === undefined) return result;
  return new Promise((resolve, reject) => {
    const abort = () => {
      reject(cancelled());
    };
    signal.addEventListener('abort', abort, { once: true });
    void result.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', abort);
    });
  });
}
