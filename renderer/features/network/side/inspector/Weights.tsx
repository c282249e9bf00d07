import { useEffect } from 'react';
import type { WeightStatistics } from '../../../../../shared/ipc/model/layers.ts';
import { countText, rateText, shapeText, shortCount } from '../../../../format.ts';
import { messages } from '../../../../messages/index.ts';
import { useLayerWeights } from '../../../../stores/network/layerWeights.ts';
import type { LayerReport } from '../../items.ts';

const text = messages.inspector.weights;

/** A layer's weights: how many there are of each, and on request their values in numbers. */
export function Weights({ layer }: { readonly layer: LayerReport }) {
  const { known, isShown, show, read } = useLayerWeights();
  const { name, weights } = layer;
  useEffect(() => {
    if (isShown && weights.length > 0) void read(name);
  }, [isShown, name, weights.length, read, known]);
  if (weights.length === 0) return null;
  const told = known.get(name);
  const fixed = layer.parameters - layer.trainable;
  return (
    <section className="weights" aria-label={text.title}>
      <h3 className="label">{text.title}</h3>
      <table>
        <tbody>
          {weights.map((weight) => (
            <tr key={weight.name}>
              <th scope="row">{weight.name}</th>
              <td>{shapeText(weight.shape)}</td>
              <td>{countText(weight.shape.reduce((product, length) => product * length, 1))}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="muted">
        {text.trainable(countText(layer.trainable))}
        {fixed > 0 && ` · ${text.fixed(countText(fixed))}`}
      </p>
      <details
        open={isShown}
        onToggle={(event) => {
          show(event.currentTarget.open);
        }}
      >
        <summary>{text.values}</summary>
        {told?.state === 'reading' && <progress aria-label={text.reading} />}
        {told?.state === 'failed' && <p role="alert">{[told.error.message, told.error.remedy].join(' ')}</p>}
        {told?.state === 'read' && (
          <>
            {told.weights.weights.map((weight) => (
              <Numbers key={weight.name} weight={weight} />
            ))}
            <p className="muted">{text.pretrained}</p>
          </>
        )}
      </details>
    </section>
  );
}

function Numbers({ weight }: { readonly weight: WeightStatistics }) {
  const { name, min, max, mean, std, zeros, notFinite } = weight;
  return (
    <figure className="weight-numbers" data-weight={name}>
      <figcaption>{name}</figcaption>
      <Histogram weight={weight} />
      <dl>
        <div>
          <dt>{text.range}</dt>
          <dd>{`${rateText(min)}, ${rateText(max)}`}</dd>
        </div>
        <div>
          <dt>{text.mean}</dt>
          <dd>{rateText(mean)}</dd>
        </div>
        <div>
          <dt>{text.std}</dt>
          <dd>{rateText(std)}</dd>
        </div>
      </dl>
      {zeros > 0 && <p className="muted">{text.zeros(shortCount(zeros))}</p>}
      {notFinite > 0 && <p className="muted">{text.notFinite(shortCount(notFinite))}</p>}
    </figure>
  );
}

const size = { width: 240, height: 36 } as const;

/** Bars as high as their bins are full; a mark where zero is. */
function Histogram({ weight: { name, histogram } }: { readonly weight: WeightStatistics }) {
  if (histogram === null) return null;
  const { from, to, counts } = histogram;
  const most = Math.max(...counts);
  const step = size.width / counts.length;
  const peak = from + ((counts.indexOf(most) + 0.5) * (to - from)) / counts.length;
  const zero = ((0 - from) / (to - from)) * size.width;
  const label = text.histogram(name, rateText(from), rateText(to), rateText(peak));
  return (
    <svg
      className="histogram"
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size.width} ${size.height}`}
      preserveAspectRatio="none"
    >
      {counts.map((count, index) => (
        <rect
          key={index}
          x={index * step}
          width={step - 0.8}
          y={size.height * (1 - count / most)}
          height={(size.height * count) / most}
        />
      ))}
      {zero >= 0 && zero <= size.width && <line x1={zero} x2={zero} y1={0} y2={size.height} />}
    </svg>
  );
}
