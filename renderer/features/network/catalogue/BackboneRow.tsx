import type { CatalogueEntry } from '../../../../shared/ipc/model/backbones.ts';
import { messages } from '../../../messages/index.ts';
import { useCatalogue } from '../../../stores/network/catalogue.ts';
import { usePlan } from '../../../stores/network/plan.ts';
import { FileButton } from './FileButton.tsx';

const text = messages.catalogue;

/** One backbone, and what can be done with it. */
export function BackboneRow({ entry }: { readonly entry: CatalogueEntry }) {
  const { name, title, inputSize, parameters, bytes, top1, licence, paper, boundaries } = entry;
  const speed = useCatalogue((catalogue) => catalogue.speeds.get(name));
  return (
    <tr data-backbone={name} data-weights={entry.weights}>
      <th scope="row">
        {title}
        <span className="muted">{name}</span>
      </th>
      <td>{top1 === null ? '' : <span title={top1.source}>{text.percent(top1.percent)}</span>}</td>
      <td>{text.millions(parameters)}</td>
      <td>{text.megabytes(bytes)}</td>
      <td>{text.pixels(inputSize)}</td>
      <td>{boundaries.length}</td>
      <td>{paper === null ? licence : <span title={paper}>{licence}</span>}</td>
      <td>{speed === undefined ? <Measure name={name} /> : text.speed(speed.imagesPerSecond)}</td>
      <td className="catalogue-do">
        <Weights entry={entry} />
      </td>
    </tr>
  );
}

function Measure({ name }: { readonly name: string }) {
  const { measuring, measure } = useCatalogue();
  if (measuring === name) return <progress aria-label={text.measuring(name)} />;
  return (
    <button
      type="button"
      className="quiet"
      disabled={measuring !== null}
      aria-label={text.measureOf(name)}
      onClick={() => {
        void measure(name);
      }}
    >
      {text.measure}
    </button>
  );
}

function Weights({ entry }: { readonly entry: CatalogueEntry }) {
  const { name, available, weights } = entry;
  const { fetching, fetch, cancelFetch, show } = useCatalogue();
  const { backbone, open } = usePlan();
  if (fetching?.name === name)
    return (
      <>
        <progress
          aria-label={text.fetching(name)}
          {...(fetching.total !== null && { value: fetching.done, max: fetching.total })}
        />
        <button type="button" onClick={cancelFetch}>
          {text.cancel}
        </button>
      </>
    );
  if (available)
    return (
      <button
        type="button"
        className="primary"
        disabled={backbone === name}
        aria-label={backbone === name ? text.inUseOf(name) : text.useOf(name)}
        onClick={() => {
          show(false);
          void open(name);
        }}
      >
        {backbone === name ? text.inUse : text.use}
      </button>
    );
  return (
    <>
      {weights === 'fetch' && (
        <button
          type="button"
          disabled={fetching !== null}
          title={text.fetchFrom(entry.source)}
          aria-label={text.fetchOf(name)}
          onClick={() => {
            void fetch(name);
          }}
        >
          {text.fetch}
        </button>
      )}
      <FileButton label={text.haveFile} accessibleName={text.haveFileOf(name)} architecture={name} />
    </>
  );
}
