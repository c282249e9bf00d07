import { messages } from '../../../../messages/index.ts';
import { thawFrom } from '../../actions.ts';
import { epochText, featuresText, roughBytes } from '../../costTexts.ts';
import type { ItemId } from '../../items.ts';
import { useThawCost } from '../../thawCost.ts';
import { Fact } from './LayerFacts.tsx';

const text = messages.inspector.thawing;

/** What thawing from here to the output would cost, and the way to do it. */
export function Thawing({ item }: { readonly item: ItemId }) {
  const cost = useThawCost(item);
  if (cost === null) return null;
  return (
    <section aria-label={text.title} data-testid="thawing">
      <h3 className="label">{text.title}</h3>
      <dl>
        <Fact name={text.features} value={featuresText(cost)} />
        <Fact name={text.epoch} value={epochText(cost)} />
        <Fact name={text.memory} value={roughBytes(cost.bytes)} />
      </dl>
      <button
        type="button"
        onClick={() => {
          thawFrom(item);
        }}
      >
        {text.doIt}
      </button>
    </section>
  );
}
