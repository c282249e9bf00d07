import { z } from 'zod';
import type { JsonValue } from '../../../../../shared/domain/network.ts';
import type { RawConfigObject } from './rawModel.ts';

/** What Keras 3 and the saving code of Keras 2.12 and later wrap around names and objects. */
const wrapped = z.object({
  class_name: z.string(),
  config: z.union([z.record(z.string(), z.json()), z.string(), z.null()]),
});

/** Activation layers may stand where a function's name does. */
const activationObjects: Readonly<Record<string, string>> = {
  ReLU: 'relu',
  Softmax: 'softmax',
  ELU: 'elu',
};

/** Whether a whole model's configuration was written by Keras 3: only there do policies and inputs look like this. */
export function isKeras3(layers: readonly { config: unknown; inbound_nodes?: unknown }[]): boolean {
  return layers.some(({ config }) => {
    if (typeof config !== 'object' || config === null) return false;
    if ('batch_shape' in config) return true;
    const policy = 'dtype' in config ? wrapped.safeParse(config.dtype) : null;
    return policy?.success === true && policy.data.class_name.endsWith('DTypePolicy');
  });
}

/**
 * A layer's configuration of any version in the words of Keras 2: the input's shape, the name of an activation, float32 for
 * any dtype policy, initialisers without module and registration.
 * @param keras3 whether the file is of Keras 3, where some activations mean another function.
 */
export function fromKeras3(className: string, config: RawConfigObject, keras3: boolean): RawConfigObject {
  const plain: RawConfigObject = {};
  for (const [key, value] of Object.entries(config)) {
    if (key === 'batch_shape') plain['batch_input_shape'] = value;
    // Whatever the policy, weights are kept as float32, in which we compute.
    else if (key === 'dtype') plain['dtype'] = 'float32';
    else if (key === 'activation') plain['activation'] = activationName(value, keras3);
    else if (key !== 'optional' && key !== 'quantization_config') plain[key] = unwrap(value);
  }
  if (className === 'LeakyReLU' && plain['negative_slope'] !== undefined) {
    plain['alpha'] = plain['negative_slope'];
    delete plain['negative_slope'];
  }
  return plain;
}

function activationName(value: JsonValue, keras3: boolean): JsonValue {
  const object = wrapped.safeParse(value);
  const name = object.success ? nameOfActivation(object.data) : value;
  // With its usual alpha it is the same function (1704.07483).
  if (name === 'celu') return 'elu';
  // The one name under which Keras 2 and 3 compute different things.
  return keras3 && name === 'hard_sigmoid' ? 'hard_sigmoid_3' : name;
}

function nameOfActivation({ class_name: className, config }: z.infer<typeof wrapped>): JsonValue {
  if (className === 'function' && typeof config === 'string') return config;
  if (className === 'Activation' && typeof config === 'object') return config?.['activation'] ?? 'linear';
  return activationObjects[className] ?? className;
}

function unwrap(value: JsonValue): JsonValue {
  const object = wrapped.safeParse(value);
  if (!object.success) return value;
  return { class_name: object.data.class_name, config: object.data.config ?? {} };
}
