import type { ModelReport } from '../../../../shared/ipc/model/report.ts';
import { messages } from '../../../messages/index.ts';
import { useNetworkView } from '../../../stores/network/view.ts';
import type { Arrangement } from '../layout/layout.ts';
import { arrangements } from '../layout/layout.ts';
import { IconButton } from './Presets.tsx';

const text = messages.network;

const outlines: Readonly<Record<Arrangement, string>> = {
  compact: 'M2 4h9a2.5 2.5 0 0 1 0 5H5a2.2 2.2 0 0 0 0 4.5h9M12 11.5l2 2-2 2',
  down: 'M8 1.5v12M5 10.5l3 3 3-3',
  right: 'M1.5 8h12M10.5 5l3 3-3 3',
};

/** How the network is drawn: arrangement, open blocks, and what dragging does. */
export function ViewControls({ model }: { readonly model: ModelReport }) {
  const view = useNetworkView();
  const areAllOpen = model.blocks.every(({ name }) => view.expanded.has(name));
  return (
    <div className="segments" role="group" aria-label={text.view}>
      {arrangements.map((arrangement) => (
        <IconButton
          key={arrangement}
          label={text.arrangements[arrangement]}
          path={outlines[arrangement]}
          isPressed={view.arrangement === arrangement}
          press={() => {
            view.arrange(arrangement);
          }}
        />
      ))}
      <IconButton
        label={areAllOpen ? text.collapseAll : text.expandAll}
        path={areAllOpen ? 'M4 6.5L8 2.5l4 4M4 9.5l4 4 4-4M2 8h12' : 'M4 5.5l4-4 4 4M4 10.5l4 4 4-4M2 8h12'}
        press={() => {
          view.expand(
            model.blocks.map(({ name }) => name),
            !areAllOpen,
          );
        }}
      />
      <IconButton
        label={text.selectTool}
        path="M2.5 5V2.5H5M8 2.5h1.5M12 2.5h1.5V5M13.5 8v.5M2.5 8v1.5M2.5 12v1.5H5M8.5 8.5l5.5 2-2.5 1-1 2.5z"
        isPressed={view.isLasso}
        press={() => {
          view.lasso(!view.isLasso);
        }}
      />
    </div>
  );
}
