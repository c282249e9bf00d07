import { useMemo, useState } from 'react';
import type { DatasetSummary } from '../../../shared/ipc/dataset/report.ts';
import { messages } from '../../messages/index.ts';
import { useDataset } from '../../stores/data/dataset.ts';
import { useImages } from '../../stores/data/images.ts';
import { useTraining } from '../../stores/training/training.ts';
import { MixStrip } from './MixStrip.tsx';
import { ViewStrip } from './ViewStrip.tsx';

/**
 * What training makes of an image of the open dataset, beside the setting: of the one selected at Data, and of others in
 * turn.
 */
export function ViewsOfExamples({ of }: { readonly of: 'variations' | 'mixing' }) {
  const dataset = useDataset((state) => state.dataset);
  const selected = useImages((state) => state.selected);
  const isOff = useTraining(({ choice }) =>
    of === 'mixing' ? choice.mixup <= 0 && choice.cutmix <= 0 : choice.augment === 'none',
  );
  const [turn, setTurn] = useState(0);
  const examples = useMemo(() => (dataset === null ? [] : examplesOf(dataset)), [dataset]);
  const [chosen] = selected.values();
  const paths = chosen?.state === 'used' ? [chosen.path, ...examples] : examples;
  const path = paths[turn % Math.max(1, paths.length)];
  if (isOff || dataset === null || path === undefined) return null;
  return (
    <div className="views-of-examples">
      {of === 'mixing' ? (
        <MixStrip dataset={dataset.location} path={path} />
      ) : (
        <ViewStrip dataset={dataset.location} path={path} />
      )}
      <button
        type="button"
        className="bare"
        onClick={() => {
          setTurn(turn + 1);
        }}
      >
        {messages.views.another}
      </button>
    </div>
  );
}

/** A few images of every class, the classes in turn. */
function examplesOf({ classes }: DatasetSummary): string[] {
  const longest = Math.max(0, ...classes.map(({ examples }) => examples.length));
  return Array.from({ length: longest }, (_, index) =>
    classes.flatMap(({ examples }) => examples.slice(index, index + 1)),
  ).flat();
}
