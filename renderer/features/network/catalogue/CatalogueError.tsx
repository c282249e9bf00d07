import { useCatalogue } from '../../../stores/network/catalogue.ts';
import { ErrorDetails } from '../../../ui/ErrorDetails.tsx';

/** Why a model or weights could not be had. */
export function CatalogueError() {
  const { error, fail } = useCatalogue();
  if (error === null) return null;
  return (
    <ErrorDetails
      className="catalogue-error"
      error={error}
      onDismiss={() => {
        fail(null);
      }}
    />
  );
}
