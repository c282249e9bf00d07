import type { InPlaceUpdate } from '../addon/binding.ts';
import type { Recording, Source } from './recording.ts';

/** An update of state entries, and what their variables are changed by before it. */
export interface FittingUpdate {
  readonly update: InPlaceUpdate<Source>;
  /** The entries it changes, in the order of the operation's inputs; `less` is taken off first (weight decay). */
  readonly entries: readonly { readonly key: string; readonly less: Source | null }[];
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
  let updates = recorded.updates.flatMap((update) => fitting(recorded, update) ?? []);
  for (;;) {
    const covered = new Set(updates.flatMap(({ entries }) => entries.map(({ key }) => key)));
    const roots = [
      ...[...results].filter(([key]) => !covered.has(key)).map(([, { source }]) => source),
      ...updates.flatMap(valuesRead),
    ];
    const operations = upstream(recorded, roots);
    const isRead = ({ after }: { after: Source }): boolean =>
      after.from === 'operation' && operations.has(after.index);
    const left = updates.filter(({ update }) => !update.variables.some(isRead));
    if (left.length === updates.length) return { operations, updates };
    updates = left;
  }
}

/** What an update reads beside the variables it changes. */
export function valuesRead({ update, entries }: FittingUpdate): Source[] {
  return [...update.inputs, ...entries.flatMap(({ less }) => less ?? [])];
}

function fitting({ operations, results }: Recorded, update: InPlaceUpdate<Source>): FittingUpdate | null {
  const entries: { key: string; less: Source | null }[] = [];
  for (const { before, after } of update.variables) {
    const from = before.from === 'operation' ? operations[before.index] : undefined;
    const [value, less] = from?.name === 'Sub' ? from.inputs : [before, null];
    if (value?.from !== 'argument' || !isSame(results.get(value.name)?.source, after)) return null;
    entries.push({ key: value.name, less: less ?? null });
  }
  return { update, entries };
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
