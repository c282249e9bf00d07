import type { Network } from '../../../../shared/domain/network.ts';
import type { Prefix } from './prefix.ts';

/** What stands for the frozen layers where there are none: the pixels themselves, scaled when they are read. */
export interface PixelPrefix extends Omit<Prefix, 'run'> {
  run(pixels: Uint8Array, count: number): Promise<Uint8Array>;
}

/** @param frontier the input layer. */
export function openPixelPrefix(network: Network, frontier: string): PixelPrefix {
  const [height, width, channels] = network.inputShape;
  return {
    provider: 'none: every layer trains',
    outputs: [{ layer: frontier, shape: network.inputShape }],
    valuesPerImage: height * width * channels,
    lanes: 1,
    run: (pixels) => Promise.resolve(pixels),
    dispose: () => Promise.resolve(),
  };
}
