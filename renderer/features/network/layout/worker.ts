import type { Layout, LayoutChoice } from './layout.ts';
import type { NetworkLayout } from './layOutNetwork.ts';
import { networkLayout } from './layOutNetwork.ts';
import type { Structure } from './structure.ts';

/** What the page asks its layout worker: a network once, then layouts of it. */
export type LayoutMessage =
  | { readonly type: 'network'; readonly structure: Structure }
  | { readonly type: 'layout'; readonly id: number; readonly choice: LayoutChoice };

export interface LayoutAnswer {
  readonly id: number;
  readonly layout: Layout;
  /** Time it took in the worker. */
  readonly milliseconds: number;
}

let network: NetworkLayout | null = null;

self.onmessage = ({ data }: MessageEvent<LayoutMessage>) => {
  if (data.type === 'network') {
    network = networkLayout(data.structure);
    return;
  }
  if (network === null) throw new Error('A layout was asked for before its network');
  const started = performance.now();
  const layout = network.layOut(data.choice);
  const answer: LayoutAnswer = { id: data.id, layout, milliseconds: performance.now() - started };
  self.postMessage(answer);
};
