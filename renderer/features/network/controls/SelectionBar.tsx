import { messages } from '../../../messages/index.ts';
import { useNetworkView } from '../../../stores/network/view.ts';
import { setItems } from '../actions.ts';

const text = messages.network;

/** What can be done with several nodes at once; there while several are selected. */
export function SelectionBar() {
  const { selected, select } = useNetworkView();
  if (selected.size < 2) return null;
  return (
    <div className="selection-bar" role="toolbar" aria-label={text.selected(selected.size)}>
      <strong>{text.selected(selected.size)}</strong>
      <button
        type="button"
        className="thaw"
        onClick={() => {
          setItems(selected, true);
        }}
      >
        {text.thawSelected}
      </button>
      <button
        type="button"
        className="freeze"
        onClick={() => {
          setItems(selected, false);
        }}
      >
        {text.freezeSelected}
      </button>
      <button
        type="button"
        onClick={() => {
          select(new Set());
        }}
      >
        {text.clearSelection}
      </button>
    </div>
  );
}
