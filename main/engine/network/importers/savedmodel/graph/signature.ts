import { thawError } from '../../../../../../shared/errors.ts';
import type { Result } from '../../../../../../shared/result.ts';
import { err, ok } from '../../../../../../shared/result.ts';
import type { MetaGraphMessage, TensorInfoMessage } from './messages.ts';

/** Number types an image may have, by DataType. */
const imageTypes: ReadonlyMap<number, ImageSignature['type']> = new Map([
  [1, 'float32'],
  [4, 'uint8'],
  [19, 'float16'],
]);

/** A signature that takes one image. */
export interface ImageSignature {
  readonly name: string;
  /** `node` or `node:output` of the graph. */
  readonly input: string;
  readonly type: 'float32' | 'float16' | 'uint8';
  readonly height: number | null;
  readonly width: number | null;
  /** Where its outputs are in the graph, by their names. */
  readonly outputs: readonly { readonly name: string; readonly reference: string }[];
}

/** What loaders ask for, in this order; then any other. */
const usual = ['serving_default', 'serve', 'default'];
/** How TensorFlow keeps what it does once after loading. */
const hidden = /^__saved_model/;
const mostPixels = 4096;

/** The signature to use. Errors: engine-unsupported, listing the signatures and what they take. */
export function imageSignatureOf(meta: MetaGraphMessage, place: string): Result<ImageSignature> {
  const signatures = Object.entries(meta.signature_def).filter(([name]) => !hidden.test(name));
  const rank = (name: string): number => (usual.includes(name) ? usual.indexOf(name) : usual.length);
  const sorted = signatures.sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1));
  for (const [name, { inputs, outputs }] of sorted) {
    const [input, ...more] = Object.values(inputs);
    const type = imageTypes.get(input?.dtype ?? 0);
    const [batch, height, width, channels, ...rest] = lengthsOf(input);
    if (input === undefined || type === undefined || more.length > 0 || rest.length > 0) continue;
    if (channels !== 3 || (batch !== null && batch !== 1)) continue;
    if (Math.max(height ?? 0, width ?? 0) > mostPixels) continue;
    const given = Object.entries(outputs)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([output, info]) => ({ name: output, reference: info.name.replace(/:0$/, '') }));
    if (given.length === 0) continue;
    return ok({
      name,
      input: input.name.replace(/:0$/, ''),
      type,
      height: height ?? null,
      width: width ?? null,
      outputs: given,
    });
  }
  return err(
    thawError('engine-unsupported', `${place} has no signature that takes one RGB image.`, {
      expected: 'one input of [batch, height, width, 3], float or uint8',
      found: sorted.map(([name, { inputs }]) => `${name}(${describe(inputs)})`).join(', ') || 'no signatures',
      remedy:
        'Save it with signatures: model.export(FOLDER), or tf.saved_model.save(model, FOLDER, signatures=…).',
    }),
  );
}

function lengthsOf(info: TensorInfoMessage | undefined): (number | null)[] {
  return (info?.tensor_shape?.dim ?? []).map(({ size }) => (Number(size) > 0 ? Number(size) : null));
}

function describe(inputs: Readonly<Record<string, TensorInfoMessage>>): string {
  return Object.entries(inputs)
    .map(([name, info]) => {
      const type = imageTypes.get(info.dtype) ?? (info.dtype === 7 ? 'text' : `type ${info.dtype}`);
      return `${name}: ${type} [${lengthsOf(info)
        .map((length) => length ?? '?')
        .join(', ')}]`;
    })
    .join(', ');
}
