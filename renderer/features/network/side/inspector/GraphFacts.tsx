import type { ModelReport } from '../../../../../shared/ipc/model/report.ts';
import { messages } from '../../../../messages/index.ts';
import { Fact } from './LayerFacts.tsx';

const text = messages.frozenModel;

interface GraphFactsProps {
  readonly model: ModelReport;
  readonly graph: NonNullable<ModelReport['graph']>;
}

/** What is known of a model of operations: its format, what serves as features, what images it takes. */
export function GraphFacts({ model, graph }: GraphFactsProps) {
  const { inputShape, outputShape, preprocess } = model;
  const [height = 0, width = 0] = inputShape;
  const values = outputShape?.[0];
  const facts: readonly (readonly [string, string])[] = [
    [text.format, graph.format],
    [text.operations, graph.operations.toLocaleString('en')],
    [text.features, graph.features],
    [
      messages.network.output,
      values === undefined ? text.unknownValues : text.values(values.toLocaleString('en')),
    ],
    [text.images, graph.anySize ? text.anySize(height) : text.oneSize(height, width)],
    [
      text.scaling,
      preprocess === null ? text.scalingAssumed(graph.usualPreprocess) : text.scaledAs(preprocess),
    ],
  ];
  return (
    <section aria-label={text.title}>
      <h3 className="label">{text.title}</h3>
      <dl data-testid="graph-facts">
        {facts.map(([name, value]) => (
          <Fact key={name} name={name} value={value} />
        ))}
      </dl>
    </section>
  );
}
