interface Named {
  readonly name: string;
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
];

/**
 * Block names by position, or null when the names tell nothing. A layer without a telling name between two blocks
 * (`add_3`) joins the block before it.
 */
export function blocksByName(layers: readonly Named[]): string[] | null {
  const told = layers.map((layer) => blockNameOf(layer.name));
  const first = told.findIndex((block) => block !== null);
  const last = told.findLastIndex((block) => block !== null);
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
