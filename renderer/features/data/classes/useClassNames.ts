import { useMemo } from 'react';
import { useDataset } from '../../../stores/data/dataset.ts';

/** Every class of the open project, those without images too. */
export function useClassNames(): readonly string[] {
  const dataset = useDataset((state) => state.dataset);
  return useMemo(
    () =>
      [...(dataset?.classes.map((one) => one.class) ?? []), ...(dataset?.emptyClasses ?? [])].sort((a, b) =>
        a.localeCompare(b),
      ),
    [dataset],
  );
}
