import type { LayerSpec } from '../structure/buildNetwork.ts';
import type { BackboneCard } from '../catalogue/card.ts';

/** What nearly all ImageNet weights were trained at. */
export const usualSize = 224;

/** An input of any size takes the size its card names, else the usual one. */
export function closeInputSize(
  layers: readonly LayerSpec[],
  card: BackboneCard | null,
): { layers: LayerSpec[]; notices: string[] } {
  const notices: string[] = [];
  const closed = layers.map((layer) => {
    const shape = layer.config['batch_input_shape'];
    if (layer.className !== 'InputLayer' || !Array.isArray(shape)) return layer;
    if (shape.length !== 4 || (shape[1] !== null && shape[2] !== null)) return layer;
    if (card === null)
      notices.push(
        `The model takes images of any size; ${usualSize} × ${usualSize} is assumed. Name another with --image-size.`,
      );
    const side = card?.inputSize ?? usualSize;
    const size = [null, side, side, shape[3] ?? 3];
    return { ...layer, config: { ...layer.config, batch_input_shape: size } };
  });
  return { layers: closed, notices };
}
