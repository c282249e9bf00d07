import type { ModelReport } from '../../../../shared/ipc/model/report.ts';
import { messages } from '../../../messages/index.ts';
import { useNetworkView } from '../../../stores/network/view.ts';
import './side.css';
import { BackboneChooser } from './BackboneChooser.tsx';
import { Inspector } from './inspector/Inspector.tsx';

/** Beside the graph: which backbone it is, and what is known of the node the user is at. */
export function Side({ model }: { readonly model: ModelReport }) {
  const active = useNetworkView((view) => view.active);
  return (
    <aside className="side" aria-label={messages.network.details}>
      <BackboneChooser />
      <Inspector model={model} item={active} />
    </aside>
  );
}
