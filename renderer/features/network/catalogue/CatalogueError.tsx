import { messages } from '../../../messages/index.ts';
import { useCatalogue } from '../../../stores/catalogue.ts';

/** Why a model or weights could not be had: what was expected, what was found, what to do. */
export function CatalogueError() {
  const { error, fail } = useCatalogue();
  if (error === null) return null;
  const rows = [
    [messages.error.expected, error.expected],
    [messages.error.found, error.found],
    [messages.error.remedy, error.remedy],
  ] as const;
  return (
    <section className="catalogue-error" role="alert">
      <strong>{error.message}</strong>
      <dl>
        {rows.map(([name, what]) =>
          what === undefined ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{what}</dd>
            </div>
          ),
        )}
      </dl>
      <button
        type="button"
        onClick={() => {
          fail(null);
        }}
      >
        {messages.error.dismiss}
      </button>
    </section>
  );
}
