interface Named {
  readonly name: string;
  readonly className: string;
  readonly inputs: readonly string[];
}

/** How families name the layers of a block; a pattern's groups make the block's name. */
const families: readonly [RegExp, (groups: readonly string[]) => string][] = [
  // MobileNetV2 and the like: block_13_expand; its first block is called expanded_conv.
  [/^block_(\d+)(?:_|$)/, ([number]) => `block_${number ?? ''}`],
  [/^expanded_conv_(\d+)(?:[_/]|$)/, ([number]) => `block_${number ?? ''}`],
  [/^expanded_conv(?:[_/]|$)/, () => 'block_0'],
  // MobileNetV1: conv_dw_13, conv_pw_13_bn, conv_pad_2.
  [/^conv_(?:dw|pw|pad)_(\d+)(?:_|$)/, ([number]) => `block_${number ?? ''}`],
  // ResNet: conv4_block6_2_bn. DenseNet: conv4_block6_1_conv, pool4_conv.
  [/^(conv\d+_block\d+)_/, ([name]) => name ?? ''],
  [/^(pool\d+)_/, ([name]) => name ?? ''],
  // EfficientNet: block6d_se_reduce. VGG and Xception: block5_conv3, block14_sepconv2_act.
  [/^(block\d+[a-z]?)_/, ([name]) => name ?? ''],
  // SqueezeNet: fire9/expand3x3, fire9_squeeze.
  [/^(fire_?\d+)[_/]/, ([name]) => name ?? ''],
  // ConvNeXt: convnext_tiny_stage_2_block_5_layernorm, convnext_tiny_downsampling_conv_0.
  [/_(stage_\d+_block_\d+)_/, ([name]) => name ?? ''],
  [/_downsampling_(?:layernorm|conv)_(\d+)$/, ([number]) => `downsampling_${number ?? ''}`],
];

/** NASNet puts the cell last: normal_concat_7, separable_conv_1_bn_reduction_left1_stem_2, adjust_bn_reduce_8. */
const cell = /^(?:normal|reduction|adjust|separable)_.*?_((?:stem_|reduce_)?\d+)$/;
const isNasNet = (names: readonly Named[]): boolean =>
  names.some(({ name }) => /^normal_concat_\d+$/.test(name));

/** Inception-ResNet's names tell where a block ends, so its structure says more. */
const isInceptionResNet = (names: readonly Named[]): boolean =>
  names.some(({ name }) => /^block35_\d+_mixed$/.test(name));

/**
 * Block names by position, or null when the names tell nothing. A layer without a telling name between two blocks
 * (`add_3`) joins the block before it.
 */
export function blocksByName(layers: readonly Named[]): string[] | null {
  if (isInceptionResNet(layers)) return null;
  const told = isNasNet(layers) ? cellsOf(layers) : layers.map((layer) => blockNameOf(layer.name));
  const first = told.findIndex((block) => block !== null);
  const last = withSum(
    layers,
    told.findLastIndex((block) => block !== null),
  );
  if (new Set(told.filter((block) => block !== null)).size < 2) return null;
  let current = 'stem';
  return told.map((block, index) => {
    if (index < first) return 'stem';
    if (index > last) return 'top';
    current = block ?? current;
    return current;
  });
}

function blockNameOf(layer: string): string | null {
  for (const [pattern, name] of families) {
    const match = pattern.exec(layer);
    if (match !== null) return name(match.slice(1));
  }
  return null;
}

/** A layer without a name of its own, such as the ReLU before a convolution, is of the cell that first reads it. */
function cellsOf(layers: readonly Named[]): (string | null)[] {
  const cells = new Map<string, string>();
  for (const { name, inputs } of [...layers].reverse()) {
    const id = cell.exec(name)?.[1];
    const own = id === undefined ? cells.get(name) : `cell_${id}`;
    if (own === undefined || name.startsWith('stem_')) continue;
    cells.set(name, own);
    for (const input of inputs) cells.set(input, own);
  }
  const first = layers.findIndex(({ name }) => cell.test(name));
  return layers.map(({ name }, index) => (index < first - 1 ? null : (cells.get(name) ?? null)));
}

/** The last block ends in the sum that closes its residual, though that has no name of its own. */
function withSum(layers: readonly Named[], last: number): number {
  const next = layers[last + 1];
  const closes = next?.className === 'Add' && next.inputs.includes(layers[last]?.name ?? '');
  return closes ? last + 1 : last;
}
