import '@xyflow/react/dist/style.css';
import { useEffect } from 'react';
import { messages } from '../../messages/index.ts';
import { useCatalogue } from '../../stores/network/catalogue.ts';
import { useNetworkView } from '../../stores/network/view.ts';
import { usePlan } from '../../stores/network/plan.ts';
import { useDropTarget } from '../../ui/useDropTarget.ts';
import { bringsFiles, contentsOf } from '../data/take/dropped.ts';
import { CatalogueError } from './catalogue/CatalogueError.tsx';
import { useTakeModel } from './catalogue/useTakeModel.ts';
import { Cost } from './controls/Cost.tsx';
import { Find } from './controls/Find.tsx';
import { Legend } from './controls/Legend.tsx';
import { Presets } from './controls/Presets.tsx';
import { SelectionBar } from './controls/SelectionBar.tsx';
import { Summary } from './controls/Summary.tsx';
import { ViewControls } from './controls/ViewControls.tsx';
import { Warnings } from './controls/Warnings.tsx';
import { Graph } from './graph/Graph.tsx';
import { Side } from './side/Side.tsx';
import './network.css';

const text = messages.network;

/** The network as a graph of blocks and layers; a click freezes or thaws. */
export function NetworkStation() {
  const model = usePlan((plan) => plan.model);
  const isOpening = usePlan((plan) => plan.isOpening);
  const announcement = useNetworkView((view) => view.announcement);
  useEffect(() => {
    useNetworkView.getState().reset();
  }, [model]);
  const isCatalogueOpen = useCatalogue((catalogue) => catalogue.isOpen);
  const { take, isCopying } = useTakeModel();
  const { isOver, handlers } = useDropTarget({
    accepts: bringsFiles,
    onDrop: (transfer) => void contentsOf(transfer).then((dropped) => take(dropped, null)),
  });
  if (model === null) return <p className="notice">{isOpening ? text.loading : text.none}</p>;
  return (
    <div className="network">
      <div className="network-desk">
        <section
          className={isOver ? 'canvas over' : 'canvas'}
          aria-label={messages.stations.network}
          {...handlers}
        >
          {(isOver || isCopying) && (
            <p className="canvas-drop" aria-live="polite">
              {isCopying ? messages.catalogue.reading : messages.frozenModel.drop}
            </p>
          )}
          <div className="controls">
            {model.kind === 'layers' && <Presets model={model} />}
            <span className="spring" />
            <ViewControls model={model} />
            <Find model={model} />
            <Summary model={model} />
            {model.kind === 'layers' && <Cost model={model} />}
            <Warnings model={model} />
          </div>
          {model.graph !== null && (
            <p className="canvas-note">{messages.frozenModel.explanation(model.graph)}</p>
          )}
          {!isCatalogueOpen && <CatalogueError />}
          <Graph model={model} />
          <Legend />
          <SelectionBar />
        </section>
        <Side model={model} />
      </div>
      <p className="sr-only" role="status">
        {announcement}
      </p>
    </div>
  );
}
