import type { InPlaceUpdate } from '../binding.ts';
import type { Recording, Source } from './recording.ts';

/** A state entry's variables and the operation that changes them. */
export interface FittingUpdate {
  readonly update: InPlaceUpdate<Source>;
  /** The state entries it changes, in the order of the operation's inputs. */
  readonly keys: readonly string[];
}

type Recorded = Pick<Recording, 'operations' | 'results' | 'updates'>;

/**
 * Which of the hinted updates a graph can use, and which operations it then needs. An update fits when it reads and
 * changes state entries themselves, and nothing else reads what the operations in its place would have computed.
 */
export function whatIsNeeded(recorded: Recorded): {
  readonly operations: ReadonlySet<number>;
  readonly updates: readonly FittingUpdate[];
} {
  const { results } = recorded;
  let updates = recorded.updates.flatMap((update) => fitting(results, update) ?? []);
  for (;;) {
    const covered = new Set(updates.flatMap(({ keys }) => keys));
    const roots = [
      ...[...results].filter(([key]) => !covered.has(key)).map(([, { source }]) => source),
      ...updates.flatMap(({ update }) => update.inputs),
    ];
    const operations = upstream(recorded, roots);
    const isRead = ({ after }: { after: Source }): boolean =>
      after.from === 'operation' && operations.has(after.index);
    const left = updates.filter(({ update }) => !update.variables.some(isRead));
    if (left.length === updates.length) return { operations, updates };
    updates = left;
  }
}

function fitting(results: Recorded['results'], update: InPlaceUpdate<Source>): FittingUpdate | null {
  const keys: string[] = [];
  for (const { before, after } of update.variables) {
    if (before.from !== 'argument' || !isSame(results.get(before.name)?.source, after)) return null;
    keys.push(before.name);
  }
  return { update, keys };
}

function isSame(one: Source | undefined, other: Source): boolean {
  return (
    one?.from === 'operation' &&
    other.from === 'operation' &&
    one.index === other.index &&
    one.output === other.output
  );
}

/** The operations some values depend on. */
function upstream({ operations }: Recorded, roots: readonly Source[]): Set<number> {
  const needed = new Set<number>();
  const pending = [...roots];
  for (let source = pending.pop(); source !== undefined; source = pending.pop()) {
    if (source.from !== 'operation' || needed.has(source.index)) continue;
    needed.add(source.index);
    pending.push(...(operations[source.index]?.inputs ?? []), ...(operations[source.index]?.after ?? []));
  }
  return needed;
}
