import { messages } from '../../../messages/index.ts';
import { useNetworkView } from '../../../stores/network/view.ts';
import { epochText, featuresText, roughBytes } from '../costTexts.ts';
import { headItem, nameOf } from '../items.ts';
import { useThawCost } from '../thawCost.ts';

const text = messages.inspector.thawing;

/** What thawing from the node under the pointer would cost. The panel says the same for the keyboard. */
export function HoverLine() {
  const hovered = useNetworkView((view) => view.hovered);
  const cost = useThawCost(hovered);
  if (hovered === null || cost === null) return null;
  const name = hovered === headItem ? messages.network.head : nameOf(hovered);
  return (
    <p className="hover-line" aria-hidden data-testid="hover-cost">
      <strong>{text.from(name)}</strong> {text.features}: {featuresText(cost)} · {text.epoch}:{' '}
      {epochText(cost)} · {text.memory}: {roughBytes(cost.bytes)}
    </p>
  );
}
