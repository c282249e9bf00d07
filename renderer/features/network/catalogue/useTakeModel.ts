import { useState } from 'react';
import { useApp } from '../../../stores/app.ts';
import { useCatalogue } from '../../../stores/network/catalogue.ts';
import { engineToken } from '../../../stores/engine.ts';
import type { Dropped } from '../../data/take/dropped.ts';
import { datasetIn, uploadFiles } from '../../data/take/upload.ts';

/**
 * Opens the model, or keeps the weights, in what was dropped or chosen; files of another machine than the engine's are
 * copied there first.
 */
export function useTakeModel() {
  const [isCopying, setIsCopying] = useState(false);
  const take = async (dropped: Dropped, architecture: string | null): Promise<void> => {
    const { hello } = useApp.getState();
    const { fail, take: takeFile } = useCatalogue.getState();
    if (dropped.kind === 'places') {
      const [place] = dropped.places;
      if (place !== undefined) await takeFile(place, architecture);
      return;
    }
    const { files } = dropped;
    if (hello === null || files.length === 0) return;
    setIsCopying(true);
    const upload = await uploadFiles(files, engineToken(), new AbortController().signal, () => undefined);
    if (upload.ok) await takeFile(`${hello.datasets}/${datasetIn(upload.value, files)}`, architecture);
    else fail(upload.error);
    setIsCopying(false);
  };
  return { take, isCopying };
}
