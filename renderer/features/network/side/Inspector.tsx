import type { ModelReport } from '../../../../shared/ipc/results.ts';
import { shapeText, shortCount } from '../../../format.ts';
import { messages } from '../../../messages/index.ts';
import { useNetworkView } from '../../../stores/networkView.ts';
import { toggleItem } from '../actions.ts';
import { StateMark } from '../graph/StateMark.tsx';
import { roleOf, TypeIcon } from '../graph/TypeIcon.tsx';
import type { ItemId, LayerReport } from '../items.ts';
import { headItem, indexOf, isBlock, layerItem, nameOf } from '../items.ts';
import { useItemState } from '../planView.ts';

const text = messages.network;

interface InspectorProps {
  readonly model: ModelReport;
  readonly item: ItemId | null;
}

/** The block or layer the user is at; without one, what can be done. */
export function Inspector({ model, item }: InspectorProps) {
  if (item === null || item === headItem) return <Help isHead={item === headItem} />;
  const { blocks, layers, members } = indexOf(model);
  const name = nameOf(item);
  const own = isBlock(item)
    ? (members.get(name) ?? [])
    : [layers.get(name)].filter((one) => one !== undefined);
  const shape = isBlock(item) ? blocks.get(name)?.outputShape : own[0]?.outputShape;
  const sum = (value: (layer: LayerReport) => number): number =>
    own.reduce((total, layer) => total + value(layer), 0);
  return (
    <section className="inspector" aria-label={name}>
      <header>
        <h2>{name}</h2>
        <p className="muted">{isBlock(item) ? text.layers(own.length) : (own[0]?.type ?? '')}</p>
      </header>
      <Switch item={item} />
      <dl>
        <Fact name={text.output} value={shapeText(shape ?? [])} />
        <Fact name={text.parametersLabel} value={sum((layer) => layer.parameters).toLocaleString('en')} />
        <Fact name={text.multiplyAdds} value={shortCount(sum((layer) => layer.multiplyAdds))} />
      </dl>
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

function Help({ isHead }: { readonly isHead: boolean }) {
  return (
    <section className="inspector" aria-label={isHead ? text.head : text.details}>
      {isHead && <h2>{text.head}</h2>}
      <p className="muted">{isHead ? text.headHelp : text.help}</p>
    </section>
  );
}

export function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Switch({ item }: { readonly item: ItemId }) {
  const state = useItemState(item);
  if (state === 'weightless') return <p className="switch weightless">{text.weightless}</p>;
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

function LayerRow({ layer }: { readonly layer: LayerReport }) {
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
