import { rateText } from '../../../../format.ts';
import { messages } from '../../../../messages/index.ts';
import { useHeat } from '../../heatView.ts';
import type { ItemId } from '../../items.ts';
import { Fact } from './LayerFacts.tsx';

const text = messages.inspector.heat;

/** How far a layer or block went in the last epoch, and since the run began; nothing without a training. */
export function WhileTraining({ item }: { readonly item: ItemId }) {
  const heat = useHeat(item);
  if (heat === null) return null;
  return (
    <section aria-label={text.title} data-testid="while-training">
      <h3 className="label">{text.title}</h3>
      <dl>
        <Fact name={text.change} value={rateText(Number(heat.change.toPrecision(2)))} />
        <Fact name={text.drift} value={rateText(Number(heat.drift.toPrecision(2)))} />
      </dl>
    </section>
  );
}
