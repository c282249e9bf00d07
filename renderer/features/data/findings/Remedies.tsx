import type { TidyKind } from '../../../../shared/domain/project/tidy.ts';
import {
  isLong,
  isSmall,
  tidyKinds,
  unseenKinds,
  unusableKinds,
} from '../../../../shared/domain/project/tidy.ts';
import type { FindingKind } from '../../../../shared/domain/dataset.ts';
import { namesImage } from '../../../../shared/domain/imageNames.ts';
import { messages } from '../../../messages/index.ts';
import { decide, tidy } from '../../../stores/data/decisions.ts';
import { say } from '../../../ui/toasts.ts';
import { useClassNames } from '../classes/useClassNames.ts';
import type { FoundThing } from './FindingCard.tsx';
import { SettingRemedy } from './SettingRemedy.tsx';

/** Kinds whose images may all be set aside, one finding at a time. */
const dispensable: readonly FindingKind[] = [...unusableKinds, 'duplicate', 'label-conflict'];

/** What can be done about one finding: decisions that can be undone, or a training setting. */
export function CardRemedies({ finding }: { readonly finding: FoundThing }) {
  const { kind, images, count, names, excluded } = finding;
  const classes = useClassNames();
  const text = messages.data;
  if (kind === 'class-imbalance') return <SettingRemedy setting="classWeights" value="auto" />;
  if (kind === 'small-class') return <LeaveOut names={names.filter((name) => classes.includes(name))} />;
  const paths = images.map((row) => row.path);
  if (paths.length === 0) return <UnseenRemedies finding={finding} />;
  const labels = [...new Set(images.flatMap((row) => (row.label === null ? [] : [row.label])))];
  const isSmallOnes = kind === 'odd-size' && images.every(isSmall);
  const isCopies = kind === 'split-leak' && excluded;
  const canGo = dispensable.includes(kind) || isCopies || isSmallOnes;
  return (
    <div className="row remedies">
      {kind === 'label-conflict' && (
        <BelongTo images={paths} classes={labels.length > 0 ? labels : classes} />
      )}
      {kind === 'split-leak' && !excluded && (
        <button type="button" onClick={() => void decide({ type: 'pin', images: paths, split: 'train' })}>
          {text.sameSide}
        </button>
      )}
      {kind === 'odd-size' && images.some((row) => !isSmall(row) && isLong(row)) && (
        <SettingRemedy setting="resize" value="pad" />
      )}
      {/* Of more images than are shown, the remedy of them all is above. */}
      {canGo && count === paths.length && (
        <button type="button" onClick={() => void decide({ type: 'exclude', images: paths })}>
          {isCopies || kind === 'duplicate' ? text.asideCopies : text.asideAll}
        </button>
      )}
    </div>
  );
}

/** What was not looked at can be taken off the list; an image without a class can be given one. */
function UnseenRemedies({ finding: { kind, names } }: { readonly finding: FoundThing }) {
  const classes = useClassNames();
  const text = messages.data;
  if (names.length === 0 || !(isUnseen(kind) || kind === 'not-an-image')) return null;
  return (
    <div className="row remedies">
      {kind === 'unlabelled' && names.every(namesImage) && <BelongTo images={names} classes={classes} />}
      <button type="button" onClick={() => void decide({ type: 'exclude', images: names })}>
        {text.takeOff}
      </button>
    </div>
  );
}

/** A button for each class that images may belong to. */
function BelongTo({
  images,
  classes,
}: {
  readonly images: readonly string[];
  readonly classes: readonly string[];
}) {
  return (
    <>
      <span>{messages.data.chooseClass(images.length)}</span>
      {classes.map((label) => (
        <button key={label} type="button" onClick={() => void decide({ type: 'label', images, label })}>
          {label}
        </button>
      ))}
    </>
  );
}

/** Takes classes away that cannot be learned; their images are set aside. */
function LeaveOut({ names }: { readonly names: readonly string[] }) {
  return (
    <div className="row remedies">
      {names.map((name) => (
        <button key={name} type="button" onClick={() => void decide({ type: 'delete-class', name })}>
          {messages.data.leaveOut(name)}
        </button>
      ))}
    </div>
  );
}

/** Applies the remedies of all findings of a kind, those that are not shown too, as one decision. */
export function GroupRemedies({ kind }: { readonly kind: FindingKind }) {
  const text = messages.data;
  if (!canTidy(kind) || kind === 'class-imbalance') return null;
  return (
    <button type="button" onClick={() => void tidyAndTell(kind)}>
      {kind in text.tidy ? text.tidy[kind as keyof typeof text.tidy] : text.asideAll}
    </button>
  );
}

function canTidy(kind: FindingKind): kind is TidyKind {
  return tidyKinds.some((one) => one === kind);
}

function isUnseen(kind: FindingKind): boolean {
  return unseenKinds.some((one) => one === kind);
}

async function tidyAndTell(kind: TidyKind): Promise<void> {
  const done = await tidy([kind]);
  if (done === null) return;
  const { takenOff, tidied } = messages.data;
  say(isUnseen(kind) ? takenOff(done.setAside) : tidied(done.setAside, done.training.resize === 'pad'));
}
