import type { ImageRow } from '../../../../shared/ipc/dataset/images.ts';
import { messages } from '../../../messages/index.ts';
import { useDataset } from '../../../stores/data/dataset.ts';
import { fileName, pictureUrl } from '../picture.ts';
import { InputPreview } from './InputPreview.tsx';
import { Variations } from './Variations.tsx';

/** One image: large, what is known of it, and what the network sees of it. */
export function ImageFacts({ row }: { readonly row: ImageRow }) {
  const folder = useDataset((state) => state.project?.folder ?? '');
  const text = messages.data;
  const { path, label, side, state, width, height } = row;
  const canBeShown = width > 0;
  return (
    <>
      {canBeShown && (
        <img
          className="large"
          src={pictureUrl(folder, row, { as: 'thumbnail', side: 768 })}
          alt={fileName(path)}
        />
      )}
      <dl className="facts">
        <div>
          <dt>{text.facts.file}</dt>
          <dd>{path}</dd>
        </div>
        {canBeShown && (
          <div>
            <dt>{text.facts.size}</dt>
            <dd>{text.pixels(width, height)}</dd>
          </div>
        )}
        <div>
          <dt>{text.facts.class}</dt>
          <dd>{label ?? '–'}</dd>
        </div>
        <div>
          <dt>{text.facts.side}</dt>
          <dd>
            {side !== null && text.sides[side]}
            {state === 'unused' && text.unused}
            {state === 'set-aside' && text.setAside}
            {row.isPinned && ` (${text.pinned})`}
          </dd>
        </div>
      </dl>
      {canBeShown && <InputPreview row={row} />}
      {canBeShown && <Variations row={row} />}
    </>
  );
}
