import { useState } from 'react';
import { messages } from '../../../messages/index.ts';
import { countText } from '../../../format.ts';
import { useDataset } from '../../../stores/data/dataset.ts';
import { decide } from '../../../stores/data/decisions.ts';
import { useImages } from '../../../stores/data/images.ts';
import { Icon } from '../../../ui/Icon.tsx';
import { NameDialog } from '../NameDialog.tsx';
import { ClassItem } from './ClassItem.tsx';
import { useClassNames } from './useClassNames.ts';

/** The classes with how many images each has, as what to look at and where to drop. */
export function ClassList() {
  const dataset = useDataset((state) => state.dataset);
  const view = useImages((state) => state.view);
  const show = useImages((state) => state.show);
  const [isNaming, setIsNaming] = useState(false);
  const names = useClassNames();
  const text = messages.data;
  if (dataset === null) return null;
  const counts = new Map(dataset.classes.map((one) => [one.class, one]));
  const most = Math.max(1, ...dataset.classes.map(({ images }) => images));
  const isAll = view.type === 'images' && view.label === null;
  return (
    <section className="classes" aria-label={text.classes}>
      <div className="side-head">
        <h2 className="label">{text.classes}</h2>
        <button
          type="button"
          className="bare"
          onClick={() => {
            setIsNaming(true);
          }}
        >
          <Icon name="plus" size={15} />
          {text.newClass}
        </button>
      </div>
      <ul>
        <li className={isAll ? 'class current' : 'class'}>
          <button
            type="button"
            className="class-name"
            aria-current={isAll ? 'true' : undefined}
            onClick={() => {
              show({ type: 'images', label: null, side: null });
            }}
          >
            <span className="name">{text.all}</span>
            <span className="tally">{countText(dataset.images)}</span>
          </button>
        </li>
        {names.map((name) => (
          <ClassItem key={name} name={name} count={counts.get(name) ?? null} most={most} names={names} />
        ))}
        {dataset.setAside > 0 && (
          <li className={view.type === 'set-aside' ? 'class current' : 'class'}>
            <button
              type="button"
              className="class-name"
              aria-current={view.type === 'set-aside' ? 'true' : undefined}
              onClick={() => {
                show({ type: 'set-aside' });
              }}
            >
              <span className="name muted">{text.setAside}</span>
              <span className="tally">{countText(dataset.setAside)}</span>
            </button>
          </li>
        )}
      </ul>
      {isNaming && (
        <NameDialog
          title={text.newClass}
          action={text.create}
          taken={names}
          onClose={() => {
            setIsNaming(false);
          }}
          onName={(name) => void decide({ type: 'create-class', name })}
        />
      )}
    </section>
  );
}
