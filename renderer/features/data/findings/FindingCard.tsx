import { namesImage } from '../../../../shared/domain/imageNames.ts';
import type { FindingPage, ImageRow } from '../../../../shared/ipc/dataset/images.ts';
import { messages } from '../../../messages/index.ts';
import { useDataset } from '../../../stores/data/dataset.ts';
import { decide } from '../../../stores/data/decisions.ts';
import { useImages } from '../../../stores/data/images.ts';
import { Icon } from '../../../ui/Icon.tsx';
import { useClassNames } from '../classes/useClassNames.ts';
import { fileName, pictureUrl } from '../picture.ts';
import { CardRemedies } from './Remedies.tsx';

export type FoundThing = FindingPage['findings'][number];

/** One finding: what it says, its images side by side, and its remedies. */
export function FindingCard({ finding }: { readonly finding: FoundThing }) {
  const { kind, severity, message, images, count, names } = finding;
  const text = messages.data;
  return (
    <article className="finding card" data-severity={severity}>
      <p>
        <span className="tag">{text.severity[severity]}</span> {message}
      </p>
      {images.length > 0 && (
        <ul className="found-images">
          {images.map((row) => (
            <FoundImage key={row.path} row={row} finding={finding} />
          ))}
        </ul>
      )}
      {kind === 'unlabelled' && <UnlabelledImages names={names} />}
      {count > images.length && <p className="muted">{text.findingMore(count - images.length)}</p>}
      <ClassLinks names={names} />
      <CardRemedies finding={finding} />
    </article>
  );
}

/** Images that are none of the dataset's so far. */
function UnlabelledImages({ names }: { readonly names: readonly string[] }) {
  const folder = useDataset((state) => state.project?.folder ?? '');
  const images = names.filter(namesImage);
  if (images.length === 0) return null;
  return (
    <ul className="found-images">
      {images.map((path) => (
        <li key={path}>
          <img
            src={pictureUrl(folder, { path, version: '' }, { as: 'thumbnail', side: 768 })}
            alt={path}
            loading="lazy"
          />
          <span className="name" title={path}>
            {fileName(path)}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Buttons to the classes a finding names. */
function ClassLinks({ names }: { readonly names: readonly string[] }) {
  const classes = useClassNames();
  const show = useImages((state) => state.show);
  const known = names.filter((name) => classes.includes(name));
  if (known.length === 0) return null;
  return (
    <div className="row">
      {known.map((name) => (
        <button
          key={name}
          type="button"
          onClick={() => {
            show({ type: 'images', label: name, side: null });
          }}
        >
          {messages.data.openClass(name)}
        </button>
      ))}
    </div>
  );
}

function FoundImage({ row, finding }: { readonly row: ImageRow; readonly finding: FoundThing }) {
  const folder = useDataset((state) => state.project?.folder ?? '');
  const text = messages.data;
  const others = finding.images.filter((other) => other.path !== row.path).map((other) => other.path);
  const canKeep = others.length > 0 && finding.kind !== 'label-conflict' && isPairing(finding.kind);
  return (
    <li>
      {row.width === 0 ? (
        <span className="no-picture">
          <Icon name="warning" size={22} />
          {text.cannotShow}
        </span>
      ) : (
        <img src={pictureUrl(folder, row, { as: 'thumbnail', side: 768 })} alt={row.path} loading="lazy" />
      )}
      <span className="name" title={row.path}>
        {fileName(row.path)}
      </span>
      <span className="muted">
        {row.label ?? text.setAside}
        {row.width > 0 && ` · ${text.pixels(row.width, row.height)}`}
        {row.side !== null && ` · ${text.sides[row.side]}`}
      </span>
      {canKeep && (
        <button type="button" onClick={() => void decide({ type: 'exclude', images: others })}>
          {text.keepThis}
        </button>
      )}
    </li>
  );
}

/** Kinds whose images are versions of each other. */
export function isPairing(kind: FoundThing['kind']): boolean {
  return kind === 'near-duplicate' || kind === 'split-leak' || kind === 'label-conflict';
}
