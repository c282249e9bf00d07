import type { FindingKind } from '../../../../shared/domain/dataset.ts';
import { findingKinds } from '../../../../shared/domain/dataset.ts';
import { messages } from '../../../messages/index.ts';
import { countText } from '../../../format.ts';
import { useDataset } from '../../../stores/data/dataset.ts';
import { useImages } from '../../../stores/data/images.ts';
import { Icon } from '../../../ui/Icon.tsx';

/** Kinds that want something done, before those that only want to be known. */
const notes = new Set<FindingKind>(['hidden-file', 'not-an-image', 'symlink-loop', 'extension-mismatch']);

/** What was found, a line for each kind with how many files it is about. */
export function FindingKinds() {
  const dataset = useDataset((state) => state.dataset);
  const view = useImages((state) => state.view);
  const show = useImages((state) => state.show);
  const text = messages.data;
  const counts = dataset?.findingCounts ?? {};
  const kinds = findingKinds
    .filter((kind) => kind !== 'set-aside' && (counts[kind] ?? 0) > 0)
    .sort((a, b) => Number(notes.has(a)) - Number(notes.has(b)));
  return (
    <section className="finding-kinds" aria-label={text.findings}>
      <h2 className="label">{text.findings}</h2>
      {kinds.length === 0 ? (
        <p className="fine">
          <Icon name="check" size={15} />
          {text.noFindings}
        </p>
      ) : (
        <ul>
          {kinds.map((kind) => {
            const isCurrent = view.type === 'findings' && view.kind === kind;
            return (
              <li key={kind}>
                <button
                  type="button"
                  className={`finding-kind${notes.has(kind) ? '' : ' act'}`}
                  aria-current={isCurrent ? 'true' : undefined}
                  onClick={() => {
                    show({ type: 'findings', kind });
                  }}
                >
                  <Icon name={notes.has(kind) ? 'help' : 'warning'} size={15} />
                  <span className="name">{text.findingNames[kind]}</span>
                  <span className="tally">{countText(counts[kind] ?? 0)}</span>
                </button>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
