import '@xyflow/react/dist/style.css';
import { useEffect } from 'react';
import { messages } from '../../messages/index.ts';
import { useNetworkView } from '../../stores/networkView.ts';
import { usePlan } from '../../stores/plan.ts';
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
  if (model === null) return <p className="notice">{isOpening ? text.loading : text.none}</p>;
  return (
    <div className="network">
      <div className="network-desk">
        <section className="canvas" aria-label={messages.stations.network}>
          <div className="controls">
            <Presets model={model} />
            <span className="spring" />
            <ViewControls model={model} />
            <Find model={model} />
            <Summary model={model} />
            {model.kind === 'layers' && <Cost model={model} />}
            <Warnings model={model} />
          </div>
          {model.kind === 'graph' ? <p className="notice">{text.graphModel}</p> : <Graph model={model} />}
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
