import type { Result } from '../../../../../shared/result.ts';
import { ok } from '../../../../../shared/result.ts';
import { givenName, writeOnnx } from '../../../network/index.ts';
import { openOnnxSession } from '../../../runtime/onnx/session.ts';
import type { FrozenLayers, FrozenPart } from './frozenLayers.ts';
import { givenShapes } from './frozenLayers.ts';

const batchSize = 16;

/** Frozen layers in ONNX Runtime. Errors: engine-unsupported. */
export async function openOnnxLayers(
  part: FrozenPart,
  options: { readonly threads?: number },
): Promise<Result<FrozenLayers>> {
  const { network, weights, from, frontier } = part;
  const model =
    from.layers === undefined
      ? writeOnnx(network, weights, { outputs: frontier, preprocess: from.image, inputType: 'uint8' })
      : writeOnnx(network, weights, {
          ...{ outputs: frontier, preprocess: 'none', inputType: 'float32' },
          from: from.layers,
        });
  if (!model.ok) return model;
  const opened = await openOnnxSession(model.value, options);
  if (!opened.ok) return opened;
  const session = opened.value;
  const names = from.layers?.map(givenName) ?? ['image'];
  const shapes = givenShapes(part);
  return ok({
    provider: `onnxruntime ${session.provider}`,
    device: 'cpu',
    lanes: session.lanes,
    batchSize,
    async run(given, count) {
      const feeds = names.map((name, index) => {
        const shape = [count, ...(shapes[index] ?? [])];
        return [name, { shape, data: given[index] ?? new Float32Array() }] as const;
      });
      const values = await session.run(Object.fromEntries(feeds));
      return frontier.map((layer) => {
        const value = values[layer];
        if (value === undefined) throw new Error(`ONNX Runtime gave no ${layer}`);
        return value.data;
      });
    },
    dispose: () => session.dispose(),
  });
}
