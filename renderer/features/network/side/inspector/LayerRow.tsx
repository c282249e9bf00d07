import { messages } from '../../../../messages/index.ts';
import { useNetworkView } from '../../../../stores/network/view.ts';
import { toggleItem } from '../../actions.ts';
import { roleOf, TypeIcon } from '../../graph/node/TypeIcon.tsx';
import type { LayerReport } from '../../items.ts';
import { layerItem } from '../../items.ts';
import { useItemState } from '../../planView.ts';

const text = messages.network;

/** A layer in the list of its block. */
export function LayerRow({ layer }: { readonly layer: LayerReport }) {
  const item = layerItem(layer.name);
  const state = useItemState(item);
  return (
    <li>
      <label>
        <input
          type="checkbox"
          disabled={state === 'weightless'}
          checked={state === 'thawed'}
          onChange={() => {
            toggleItem(item);
          }}
        />
        <span className="name">{layer.name}</span>
      </label>
      <button
        type="button"
        className="bare"
        title={text.goTo(layer.name)}
        onClick={() => {
          useNetworkView.getState().goTo(item, layer.block);
        }}
      >
        <TypeIcon role={roleOf(layer.type)} />
        <span className="muted">{layer.type}</span>
        <span className="sr-only">{text.goTo(layer.name)}</span>
      </button>
    </li>
  );
}
