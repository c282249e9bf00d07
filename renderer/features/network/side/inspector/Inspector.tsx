import type { ModelReport } from '../../../../../shared/ipc/model/report.ts';
import { shapeText, shortCount } from '../../../../format.ts';
import { messages } from '../../../../messages/index.ts';
import { toggleItem } from '../../actions.ts';
import { StateMark } from '../../graph/node/StateMark.tsx';
import type { ItemId, LayerReport } from '../../items.ts';
import { headItem, indexOf, isBlock, nameOf } from '../../items.ts';
import { useItemState } from '../../planView.ts';
import { Fact, InputShapes, LayerFacts } from './LayerFacts.tsx';
import { Thawing } from './Thawing.tsx';
import { WhileTraining } from './WhileTraining.tsx';
import { GraphFacts } from './GraphFacts.tsx';
import { LayerRow } from './LayerRow.tsx';
import { NormNote } from './NormNote.tsx';
import { Tuning } from './Tuning.tsx';
import { Weights } from './Weights.tsx';
import './inspector.css';

const text = messages.network;

interface InspectorProps {
  readonly model: ModelReport;
  readonly item: ItemId | null;
}

/** The block or layer the user is at; without one, what can be done. */
export function Inspector({ model, item }: InspectorProps) {
  if (item === null || item === headItem) return <Help model={model} isHead={item === headItem} />;
  const { blocks, layers, members } = indexOf(model);
  const name = nameOf(item);
  const own = isBlock(item)
    ? (members.get(name) ?? [])
    : [layers.get(name)].filter((one) => one !== undefined);
  const shape = isBlock(item) ? blocks.get(name)?.outputShape : own[0]?.outputShape;
  const only = isBlock(item) ? undefined : own[0];
  const sum = (value: (layer: LayerReport) => number): number =>
    own.reduce((total, layer) => total + value(layer), 0);
  return (
    <section className="inspector" aria-label={name}>
      <header>
        <h2>{name}</h2>
        <p className="muted">{isBlock(item) ? text.layers(own.length) : (own[0]?.type ?? '')}</p>
      </header>
      <Switch item={item} isFixed={model.kind === 'graph'} />
      <dl>
        {only !== undefined && <InputShapes model={model} layer={only} />}
        <Fact name={text.output} value={shapeText(shape ?? [])} />
        <Fact name={text.parametersLabel} value={sum((layer) => layer.parameters).toLocaleString('en')} />
        {model.kind === 'layers' && (
          <Fact name={text.multiplyAdds} value={shortCount(sum((layer) => layer.multiplyAdds))} />
        )}
      </dl>
      <Thawing item={item} />
      <WhileTraining item={item} />
      {model.kind === 'layers' && <Tuning model={model} item={item} />}
      <NormNote item={item} layers={own} />
      {model.graph !== null && <GraphFacts model={model} graph={model.graph} />}
      {only !== undefined && model.graph === null && <LayerFacts layer={only} />}
      {only !== undefined && <Weights layer={only} />}
      {isBlock(item) && (
        <ul className="layers">
          {own.map((layer) => (
            <LayerRow key={layer.name} layer={layer} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Help({ model, isHead }: { readonly model: ModelReport; readonly isHead: boolean }) {
  const { graph } = model;
  if (graph !== null && !isHead)
    return (
      <section className="inspector" aria-label={text.details}>
        <p className="muted">{messages.frozenModel.explanation(graph)}</p>
        <GraphFacts model={model} graph={graph} />
      </section>
    );
  return (
    <section className="inspector" aria-label={isHead ? text.head : text.details}>
      {isHead && <h2>{text.head}</h2>}
      <p className="muted">{isHead ? text.headHelp : text.help}</p>
      {isHead && <WhileTraining item={headItem} />}
    </section>
  );
}

function Switch({ item, isFixed }: { readonly item: ItemId; readonly isFixed: boolean }) {
  const state = useItemState(item);
  if (state === 'weightless') return <p className="switch weightless">{text.weightless}</p>;
  if (isFixed)
    return (
      <p className="switch frozen">
        <StateMark state="frozen" />
        <span>{messages.frozenModel.always}</span>
      </p>
    );
  return (
    <button
      type="button"
      className={`switch ${state}`}
      role="switch"
      aria-checked={state === 'thawed'}
      onClick={() => {
        toggleItem(item);
      }}
    >
      <StateMark state={state} />
      <span>{text.states[state]}</span>
      <span className="track" aria-hidden />
    </button>
  );
}
