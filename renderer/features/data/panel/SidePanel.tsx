import { messages } from '../../../messages/index.ts';
import { bytesText } from '../../../format.ts';
import { useDataset } from '../../../stores/data/dataset.ts';
import { useImages } from '../../../stores/data/images.ts';
import { ImageFacts } from './ImageFacts.tsx';
import { SplitCard } from './SplitCard.tsx';

/** Beside the images: the one that is selected, else the project and its split. */
export function SidePanel() {
  const selected = useImages((state) => state.selected);
  const [one] = selected.values();
  return (
    <aside className="side-panel" aria-label={messages.data.project}>
      {one !== undefined && selected.size === 1 ? <ImageFacts row={one} /> : <ProjectFacts />}
    </aside>
  );
}

function ProjectFacts() {
  const { dataset, project, rescan } = useDataset();
  const text = messages.data;
  if (dataset === null || project === null) return null;
  const pixels = ([width = 0, height = 0]: readonly number[]): string => text.pixels(width, height);
  const formats = Object.entries(dataset.formats)
    .sort(([, a], [, b]) => b - a)
    .map(([format, count]) => `${count} ${format.toUpperCase()}`);
  return (
    <>
      <SplitCard />
      <section className="stack">
        <h2 className="label">{text.project}</h2>
        <dl className="facts">
          {project.datasets.map(({ key, location }) => (
            <div key={key}>
              <dt>{text.facts.place}</dt>
              <dd>{location}</dd>
            </div>
          ))}
          <div>
            <dt>{text.facts.project}</dt>
            <dd>{project.folder}</dd>
          </div>
          {dataset.size !== null && (
            <>
              <div>
                <dt>{text.facts.sizes}</dt>
                <dd>{text.sizeRange(pixels(dataset.size.smallest), pixels(dataset.size.largest))}</dd>
              </div>
              <div>
                <dt>{text.facts.median}</dt>
                <dd>{pixels(dataset.size.median)}</dd>
              </div>
            </>
          )}
          {formats.length > 0 && (
            <div>
              <dt>{text.facts.formats}</dt>
              <dd>{formats.join(', ')}</dd>
            </div>
          )}
          <div>
            <dt>{text.facts.bytes}</dt>
            <dd>{bytesText(dataset.bytes)}</dd>
          </div>
        </dl>
        <button type="button" onClick={() => void rescan()}>
          {text.rescan}
        </button>
      </section>
      <p className="muted">{text.chooseOne}</p>
    </>
  );
}
