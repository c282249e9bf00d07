import type { Binding, TensorMetadata } from '../../addon/binding.ts';
import { forwarding } from '../../addon/binding.ts';
import type { KnownTensor } from './rules.ts';
import { NoShapeRule, rules } from './rules.ts';

/**
 * Stands in for the native addon and computes nothing: what an operation gives has its shape and type, no values. A
 * function can so be recorded in the time its JavaScript takes, whatever the size of its images.
 * Throws NoShapeRule at operations whose shapes are not known here.
 */
export function shapesOnly(binding: Binding): Binding {
  const known = new Map<number, KnownTensor>();
  // tfjs-node asks the addon to delete tensors from number 0 on; −1 is one it has not handed over yet.
  let last = -1;
  const add = (tensor: KnownTensor): number => {
    last -= 1;
    known.set(last, tensor);
    return last;
  };
  const own: Partial<Binding> = {
    createTensor: (shape, dtype, values) => add({ shape: [...shape], dtype, values }),
    executeOp(name, attributes, ids): TensorMetadata[] {
      const rule = rules.get(name);
      if (rule === undefined) throw new NoShapeRule(`The shapes ${name} gives are not known`);
      const inputs = ids.map((id) => {
        const tensor = known.get(id);
        if (tensor === undefined) throw new Error(`${name} reads a tensor of the addon`);
        return tensor;
      });
      const given = new Map(attributes.map((attribute) => [attribute.name, attribute.value]));
      return rule(inputs, given, binding).map(({ shape, dtype }) => ({
        id: add({ shape, dtype }),
        shape: [...shape],
        dtype,
      }));
    },
  };
  return { ...forwarding(binding), ...own } as Binding;
}
