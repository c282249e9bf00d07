import { z } from 'zod';
import type { JsonValue } from '../../../../../shared/domain/network.ts';

/** A tensor of a functional model: what a call of a layer gives. */
export interface TensorReference {
  readonly layer: string;
  /** Which call of the layer. */
  readonly call: number;
  /** Which of the call's outputs. */
  readonly output: number;
}

/** What a layer is called with. */
export type Argument =
  | { readonly kind: 'tensor'; readonly tensor: TensorReference }
  | { readonly kind: 'list'; readonly items: readonly Argument[] }
  | { readonly kind: 'value'; readonly value: JsonValue };

export interface Call {
  readonly positional: readonly Argument[];
  readonly keyword: Readonly<Record<string, Argument>>;
}

/** The tensors among arguments, in order. */
export function tensorsIn(call: Call): TensorReference[] {
  return [...call.positional, ...Object.values(call.keyword)].flatMap(tensorsOf);
}

export function tensorsOf(argument: Argument): TensorReference[] {
  if (argument.kind === 'tensor') return [argument.tensor];
  return argument.kind === 'list' ? argument.items.flatMap(tensorsOf) : [];
}

const legacyReference = z
  .tuple([z.string(), z.number().int(), z.number().int()])
  .rest(z.json())
  .transform(([layer, call, output, keywords]) => ({ tensor: { layer, call, output }, keywords }));

/** How Keras 2 writes a call whose first argument is a number: `["_CONSTANT_VALUE", -1, 2.0, {…}]`. */
const constantReference = z.tuple([z.literal('_CONSTANT_VALUE'), z.literal(-1), z.json()]).rest(z.json());

const kerasTensor = z.object({
  class_name: z.literal('__keras_tensor__'),
  config: z.object({
    keras_history: z.tuple([z.string(), z.number().int(), z.number().int()]),
  }),
});
const constantTensor = z.object({
  class_name: z.enum(['__tensor__', '__numpy__']),
  config: z.object({ value: z.json() }),
});
const modernCall = z.object({
  args: z.array(z.json()),
  kwargs: z.record(z.string(), z.json()).nullish(),
});

/**
 * One entry of `inbound_nodes`: Keras 3's `{args, kwargs}`, or Keras 1 and 2's list of `[layer, call, output, kwargs]`,
 * which for an operation may be such an entry itself. Null when it is neither.
 */
export function parseCall(node: JsonValue): Call | null {
  const modern = modernCall.safeParse(node);
  if (modern.success) {
    const { args, kwargs } = modern.data;
    return {
      positional: args.map((value) => modernArgument(value)),
      keyword: mapValues(kwargs ?? {}, (value) => modernArgument(value)),
    };
  }
  if (!Array.isArray(node)) return null;
  const single = parseEntry(node);
  if (single !== null) return single;
  const entries = node.map(parseEntry);
  if (!entries.every((entry) => entry !== null)) return null;
  const items = entries.flatMap(({ positional }) => positional);
  const [first] = entries;
  const positional: Argument[] = items.length === 1 ? items : [{ kind: 'list', items }];
  return { positional, keyword: first?.keyword ?? {} };
}

function parseEntry(entry: JsonValue): Call | null {
  const constant = constantReference.safeParse(entry);
  if (constant.success) {
    const [, , value, keywords] = constant.data;
    return { positional: [{ kind: 'value', value }], keyword: legacyKeywords(keywords) };
  }
  const reference = legacyReference.safeParse(entry);
  if (!reference.success) return null;
  const { tensor, keywords } = reference.data;
  return { positional: [{ kind: 'tensor', tensor }], keyword: legacyKeywords(keywords) };
}

function legacyKeywords(keywords: JsonValue | undefined): Record<string, Argument> {
  const object = z.record(z.string(), z.json()).safeParse(keywords ?? {});
  return object.success ? mapValues(object.data, (value) => legacyArgument(value)) : {};
}

function legacyArgument(value: JsonValue): Argument {
  const reference = legacyReference.safeParse(value);
  if (reference.success && Array.isArray(value) && value.length === 3)
    return { kind: 'tensor', tensor: reference.data.tensor };
  return { kind: 'value', value };
}

function modernArgument(value: JsonValue): Argument {
  const tensor = kerasTensor.safeParse(value);
  if (tensor.success) {
    const [layer, call, output] = tensor.data.config.keras_history;
    return { kind: 'tensor', tensor: { layer, call, output } };
  }
  const constant = constantTensor.safeParse(value);
  if (constant.success) return { kind: 'value', value: constant.data.config.value };
  if (Array.isArray(value)) {
    const items = value.map((item) => modernArgument(item));
    if (items.some((item) => tensorsOf(item).length > 0)) return { kind: 'list', items };
  }
  return { kind: 'value', value };
}

function mapValues<A, B>(object: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}

/** `input_layers` and `output_layers`: a list of references, or in Keras 3 one alone; null when it is neither. */
export function parseEndpoints(value: JsonValue | undefined): TensorReference[] | null {
  const one = legacyReference.safeParse(value);
  if (one.success) return [one.data.tensor];
  const many = z.array(legacyReference).min(1).safeParse(value);
  return many.success ? many.data.map(({ tensor }) => tensor) : null;
}
