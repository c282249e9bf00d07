import type { FindingKind } from '../../../../shared/domain/dataset.ts';
import { messages } from '../../../messages/index.ts';
import { decide } from '../../../stores/decisions.ts';
import { useClassNames } from '../classes/useClassNames.ts';
import type { FoundThing } from './FindingCard.tsx';

/** Kinds whose files are not used anyway: setting them aside only takes them off the list. */
const unusable: readonly FindingKind[] = [
  'broken',
  'truncated',
  'empty-file',
  'not-an-image',
  'unsupported-format',
  'too-large',
  'unreadable',
];

/** What can be done about one finding, as decisions that can be undone. */
export function CardRemedies({ finding }: { readonly finding: FoundThing }) {
  const { kind, images } = finding;
  const classes = useClassNames();
  const text = messages.data;
  const paths = images.map((row) => row.path);
  if (paths.length === 0) return null;
  const labels = [...new Set(images.flatMap((row) => (row.label === null ? [] : [row.label])))];
  const isLeak = kind === 'split-leak' && !finding.excluded;
  return (
    <div className="row remedies">
      {kind === 'label-conflict' && (
        <>
          <span>{text.chooseClass}</span>
          {(labels.length > 0 ? labels : classes).map((label) => (
            <button
              key={label}
              type="button"
              onClick={() => void decide({ type: 'label', images: paths, label })}
            >
              {label}
            </button>
          ))}
        </>
      )}
      {isLeak && (
        <button type="button" onClick={() => void decide({ type: 'pin', images: paths, split: 'train' })}>
          {text.sameSide}
        </button>
      )}
      {(unusable.includes(kind) || kind === 'odd-size' || kind === 'label-conflict') && (
        <button type="button" onClick={() => void decide({ type: 'exclude', images: paths })}>
          {text.asideAll}
        </button>
      )}
    </div>
  );
}

interface GroupProps {
  readonly kind: FindingKind;
  readonly findings: readonly FoundThing[];
}

/** What can be done about all findings of a kind that are shown, in one decision. */
export function GroupRemedies({ kind, findings }: GroupProps) {
  const text = messages.data;
  if (kind === 'near-duplicate') {
    const rest = findings.flatMap(({ images }) => images.slice(1).map((row) => row.path));
    return (
      <button type="button" onClick={() => void decide({ type: 'exclude', images: rest })}>
        {text.keepFirst}
      </button>
    );
  }
  if (!unusable.includes(kind)) return null;
  const all = findings.flatMap(({ images }) => images.map((row) => row.path));
  if (all.length === 0) return null;
  return (
    <button type="button" onClick={() => void decide({ type: 'exclude', images: all })}>
      {text.asideAll}
    </button>
  );
}
