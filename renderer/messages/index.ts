import { catalogue } from './network/catalogue.ts';
import { data } from './data/data.ts';
import { exporting } from './export.ts';
import { frame } from './frame.ts';
import { frozenModel } from './network/frozenModel.ts';
import { insight } from './insight.ts';
import { inspector } from './network/inspector.ts';
import { network } from './network/network.ts';
import { runs } from './training/runs.ts';
import { training } from './training/training.ts';
import { views } from './data/views.ts';
import { welcome } from './welcome.ts';

/** Every text of the studio, a file for each station. */
const en = {
  product: 'Thaw',
  stations: {
    data: 'Data',
    network: 'Network',
    training: 'Training',
    insight: 'Insight',
    export: 'Export',
  },
  connection: {
    connecting: 'Connecting to the engine…',
    lost: 'The connection to the engine was lost. Trying again…',
    noToken: 'Open the address that `thaw serve` printed: it carries the key that lets this page in.',
  },
  error: { expected: 'Expected', found: 'Found', remedy: 'What to do', dismiss: 'Dismiss' },
  frame,
  welcome,
  data,
  network,
  inspector,
  catalogue,
  training,
  views,
  runs,
  frozenModel,
  insight,
  exporting,
} as const;

/** The same texts in any language. */
type Texts<T> = T extends string
  ? string
  : T extends (...values: infer Values) => string
    ? (...values: Values) => string
    : { readonly [Key in keyof T]: Texts<T[Key]> };
export type Catalogue = Texts<typeof en>;

/** Another language is another entry. */
const catalogues: Readonly<Record<string, Catalogue>> = { en };

/** The first of the user's languages that there are texts in; numbers and dates are written in it too. */
export const language = navigator.languages.map(primary).find((one) => one in catalogues) ?? 'en';

/** The texts the studio shows. */
export const messages: Catalogue = catalogues[language] ?? en;

function primary(tag: string): string {
  return tag.split('-')[0] ?? tag;
}
