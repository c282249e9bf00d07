import type { DatasetSummary } from '../../../../shared/ipc/dataset/report.ts';
import { messages } from '../../../messages/index.ts';
import { countText } from '../../../format.ts';
import { useImages } from '../../../stores/data/images.ts';
import { useDropTarget } from '../../../ui/useDropTarget.ts';
import { bringsFiles, contentsOf } from '../take/dropped.ts';
import { takeInto } from '../take/take.ts';
import { ClassMenu } from './ClassMenu.tsx';
import { bringsImages, dropImages } from './drag.ts';

interface ClassItemProps {
  readonly name: string;
  /** Null for a class without images. */
  readonly count: DatasetSummary['classes'][number] | null;
  /** Images of the largest class. */
  readonly most: number;
  readonly names: readonly string[];
}

/** One class: its share of the largest, its sides, what can be done with it. Images and files may be dropped on it. */
export function ClassItem({ name, count, most, names }: ClassItemProps) {
  const view = useImages((state) => state.view);
  const show = useImages((state) => state.show);
  const { isOver, handlers } = useDropTarget({
    accepts: (transfer) => bringsImages(transfer) || bringsFiles(transfer),
    onDrop: (transfer) => {
      if (bringsImages(transfer)) void dropImages(transfer, name);
      else void contentsOf(transfer).then((dropped) => takeInto(name, dropped));
    },
  });
  const text = messages.data;
  const isCurrent = view.type === 'images' && view.label === name;
  const images = count?.images ?? 0;
  const share = (part: number): string => `${(100 * part) / most}%`;
  return (
    <li
      className={`class${isCurrent ? ' current' : ''}${isOver ? ' over' : ''}`}
      data-class={name}
      {...handlers}
    >
      <button
        type="button"
        className="class-name"
        aria-current={isCurrent ? 'true' : undefined}
        onClick={() => {
          show({ type: 'images', label: name, side: null });
        }}
      >
        <span className="name" title={name}>
          {name}
        </span>
        <span className="tally">{countText(images)}</span>
        <span
          className="balance"
          role="img"
          aria-label={text.splitText(count?.train ?? 0, count?.validation ?? 0, count?.test ?? 0)}
        >
          <span className="train" style={{ width: share(count?.train ?? images) }} />
          <span className="validation" style={{ width: share(count?.validation ?? 0) }} />
          <span className="test" style={{ width: share(count?.test ?? 0) }} />
        </span>
      </button>
      <ClassMenu name={name} images={images} names={names} />
    </li>
  );
}
