import type { Structure } from './structure.ts';
import { headName } from './structure.ts';

/**
 * A network the size of EfficientNet-B7 (Tan and Le 2019: 55 inverted bottlenecks with squeeze and excitation, 813
 * layers in Keras) for tests and benchmarks: the same numbers of blocks, layers, and branches.
 */
export function syntheticLarge(): Structure {
  const repeats = [4, 7, 7, 10, 10, 13, 4];
  const blocks: { name: string; layers: { name: string; inputs: string[] }[] }[] = [];
  let last = '';
  const block = (name: string, layers: readonly (readonly [string, ...string[]])[]): void => {
    const made = layers.map(([layer, ...inputs]) => ({ name: layer, inputs }));
    blocks.push({ name, layers: made });
    last = made.at(-1)?.name ?? last;
  };
  block(
    'stem',
    chain('stem', ['input', 'rescaling', 'normalization', 'pad', 'conv', 'bn', 'activation'], null),
  );
  for (const [stage, count] of repeats.entries())
    for (let index = 0; index < count; index += 1) {
      const name = `block${stage + 1}${String.fromCharCode(97 + index)}`;
      const expand = stage === 0 ? [] : ['expand_conv', 'expand_bn', 'expand_activation'];
      const main = chain(name, [...expand, 'dwconv', 'bn', 'activation'], last);
      const activation = main.at(-1)?.[0] ?? last;
      const excite = chain(name, ['se_squeeze', 'se_reshape', 'se_reduce', 'se_expand'], activation);
      const weighted = [`${name}_se_excite`, activation, excite.at(-1)?.[0] ?? ''] as const;
      const project = chain(name, ['project_conv', 'project_bn'], weighted[0]);
      const skip = last;
      const isResidual = index > 0;
      const end = isResidual ? chain(name, ['drop'], project.at(-1)?.[0] ?? '') : [];
      const add = isResidual ? [[`${name}_add`, end.at(-1)?.[0] ?? '', skip] as const] : [];
      block(name, [...main, ...excite, weighted, ...project, ...end, ...add]);
    }
  block('top', chain('top', ['conv', 'bn', 'activation', 'pool'], last));
  blocks.push({ name: headName, layers: [{ name: headName, inputs: [last] }] });
  return { blocks };
}

function chain(
  prefix: string,
  names: readonly string[],
  from: string | null,
): (readonly [string, ...string[]])[] {
  let before = from;
  return names.map((name) => {
    const layer = [`${prefix}_${name}`, ...(before === null ? [] : [before])] as const;
    [before] = layer;
    return layer;
  });
}
