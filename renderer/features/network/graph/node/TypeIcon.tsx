/** What kind of thing a layer class is; the icon says it at a glance. */
export type LayerRole =
  | 'input'
  | 'convolution'
  | 'depthwise'
  | 'normalization'
  | 'activation'
  | 'pooling'
  | 'dense'
  | 'merge'
  | 'reshape'
  | 'regularization'
  | 'attention'
  | 'block'
  | 'head';

const roles: readonly [RegExp, LayerRole][] = [
  [/^InputLayer$/, 'input'],
  [/^(Depthwise|Separable)Conv/, 'depthwise'],
  [/Conv\dD/, 'convolution'],
  [/Normalization$|^Rescaling$|^LayerScale$/, 'normalization'],
  [/Pooling/, 'pooling'],
  [/Attention/, 'attention'],
  [/Dense$/, 'dense'],
  [/^(Add|Subtract|Multiply|Average|Maximum|Minimum|Concatenate|Dot)$/, 'merge'],
  [/Dropout|Noise|StochasticDepth/, 'regularization'],
  [/^(Activation|Softmax|Swish|.*ReLU|ELU|GELU)$/, 'activation'],
];

/** The role of a Keras class; what only moves values about is `reshape`. */
export function roleOf(className: string): LayerRole {
  return roles.find(([pattern]) => pattern.test(className))?.[1] ?? 'reshape';
}

/** Outlines on a 16 × 16 grid. */
const outlines: Readonly<Record<LayerRole, string>> = {
  input: 'M2.5 3.5h11v9h-11zM2.5 10.5l3-3 2.5 2.5 2-2 3.5 3.5',
  convolution: 'M2.5 2.5h11v11h-11zM2.5 6.2h11M2.5 9.8h11M6.2 2.5v11M9.8 2.5v11',
  depthwise: 'M5.5 2.5h8v8h-8zM2.5 5.5h8v8h-8z',
  normalization: 'M1.5 12.5c3.5 0 3.5-9 6.5-9s3 9 6.5 9M1.5 13.5h13',
  activation: 'M2 12.5h6l5.5-9M2 8h0',
  pooling: 'M2.5 2.5h11L10 8v5.5H6V8z',
  dense: 'M3 3.5v0M3 8v0M3 12.5v0M3 3.5l10 2.5M3 3.5l10 6.5M3 8l10-2M3 8l10 2M3 12.5l10-6.5M3 12.5l10-2.5',
  merge: 'M8 2v12M2 8h12M8 8m-6 0a6 6 0 1 0 12 0a6 6 0 1 0-12 0',
  reshape: 'M2.5 5h6v6h-6zM10.5 8h4M12.5 6l2 2-2 2',
  regularization: 'M4 4h0M8 4h0M12 4h0M4 8h0M12 8h0M4 12h0M8 12h0M7 7l2 2M9 7l-2 2',
  attention: 'M8 2l1.7 4.3L14 8l-4.3 1.7L8 14l-1.7-4.3L2 8l4.3-1.7z',
  block: 'M8 1.8l5.8 3.1v6.2L8 14.2l-5.8-3.1V4.9zM2.2 4.9L8 8l5.8-3.1M8 8v6.2',
  head: 'M8 1.8L14.2 8 8 14.2 1.8 8z',
};

/** Said by the text beside it. */
export function TypeIcon({ role }: { readonly role: LayerRole }) {
  return (
    <svg className="type-icon" width={16} height={16} viewBox="0 0 16 16" aria-hidden focusable={false}>
      <path d={outlines[role]} />
    </svg>
  );
}
