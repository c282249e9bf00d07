import type { ModelReport } from '../../../../../shared/ipc/model/report.ts';
import { shapeText } from '../../../../format.ts';
import { messages } from '../../../../messages/index.ts';
import type { LayerReport } from '../../items.ts';
import { indexOf } from '../../items.ts';
import { configurationOf } from './configuration.ts';

const text = messages.inspector.configuration;

/** A layer's Keras configuration in words. */
export function LayerFacts({ layer }: { readonly layer: LayerReport }) {
  const facts = configurationOf(layer.type, layer.config);
  return (
    <section aria-label={text.title}>
      <h3 className="label">{text.title}</h3>
      {facts.length === 0 ? (
        <p className="muted">{text.none}</p>
      ) : (
        <dl data-testid="configuration">
          {facts.map(({ name, value }) => (
            <Fact key={name} name={name} value={value} />
          ))}
        </dl>
      )}
    </section>
  );
}

/** What goes in, in the order it is read. */
export function InputShapes({ model, layer }: { readonly model: ModelReport; readonly layer: LayerReport }) {
  const { layers } = indexOf(model);
  const shapes = layer.inputs.flatMap((name) => layers.get(name)?.outputShape ?? []);
  if (layer.inputs.length === 0) return null;
  const each = layer.inputs.map((name) => shapeText(layers.get(name)?.outputShape ?? []));
  const told = new Set(each).size === 1 ? (each[0] ?? '') : each.join(', ');
  const name =
    layer.inputs.length === 1 ? messages.inspector.input : messages.inspector.inputs(layer.inputs.length);
  return shapes.length === 0 ? null : <Fact name={name} value={told} />;
}

export function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
