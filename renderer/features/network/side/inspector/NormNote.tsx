import { messages } from '../../../../messages/index.ts';
import { useTraining } from '../../../../stores/training/training.ts';
import type { ItemId, LayerReport } from '../../items.ts';
import { isBlock, layerItem } from '../../items.ts';
import { useItemState } from '../../planView.ts';

const text = messages.inspector.norm;

/** What batch normalisations do under the plan as it is; nothing where there are none. */
export function NormNote({
  item,
  layers,
}: {
  readonly item: ItemId;
  readonly layers: readonly LayerReport[];
}) {
  const norms = layers.filter(({ type }) => type === 'BatchNormalization');
  const [first] = norms;
  const mode = useTraining(({ choice }) => choice.batchNorm);
  const state = useItemState(first === undefined ? item : layerItem(first.name));
  if (first === undefined) return null;
  const isFrozen = state === 'frozen' || state === 'weightless';
  return (
    <section aria-label={text.title}>
      <h3 className="label">{text.title}</h3>
      <p data-testid="norm-mode">
        {isBlock(item) && `${text.count(norms.length)} `}
        {isFrozen ? text.frozen : text[mode]}
      </p>
      {!isFrozen && <p className="muted">{text.chosenAt}</p>}
    </section>
  );
}
