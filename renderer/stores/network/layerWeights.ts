import { create } from 'zustand';
import type { ThawError } from '../../../shared/errors.ts';
import type { LayerWeights } from '../../../shared/ipc/model/layers.ts';
import { runJob } from '../engine.ts';
import { usePlan } from './plan.ts';

/** What is known of a layer's weights: still being read, read, or why not. */
export type KnownWeights =
  | { readonly state: 'reading' }
  | { readonly state: 'read'; readonly weights: LayerWeights }
  | { readonly state: 'failed'; readonly error: ThawError };

interface LayerWeightsState {
  /** By layer, of the open backbone. */
  readonly known: ReadonlyMap<string, KnownWeights>;
  /** Whether the values are shown, for whichever layer the user is at. */
  readonly isShown: boolean;
  show(isShown: boolean): void;
  /** Asks the engine, once for each layer. */
  read(layer: string): Promise<void>;
}

export const useLayerWeights = create<LayerWeightsState>()((set, get) => ({
  known: new Map(),
  isShown: false,
  show(isShown) {
    set({ isShown });
  },
  async read(layer) {
    const { backbone, model } = usePlan.getState();
    if (backbone === null || get().known.has(layer)) return;
    const put = (value: KnownWeights): void => {
      if (usePlan.getState().model === model) set({ known: new Map(get().known).set(layer, value) });
    };
    put({ state: 'reading' });
    const told = await runJob({ job: 'inspect-layer', model: backbone, layer });
    put(told.ok ? { state: 'read', weights: told.value } : { state: 'failed', error: told.error });
  },
}));

usePlan.subscribe(({ model }, before) => {
  if (model !== before.model) useLayerWeights.setState({ known: new Map() });
});
