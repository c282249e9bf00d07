import { data } from './data.ts';
import { insight } from './insight.ts';
import { network } from './network.ts';
import { training } from './training.ts';

/** Every text of the studio, a file for each station: another language is another such object. */
export const messages = {
  product: 'Thaw',
  stations: { data: 'Data', network: 'Network', training: 'Training', insight: 'Insight' },
  connection: {
    connecting: 'Connecting to the engine…',
    lost: 'The connection to the engine was lost. Trying again…',
    noToken: 'Open the address that `thaw serve` printed: it carries the key that lets this page in.',
  },
  error: { expected: 'Expected', found: 'Found', remedy: 'What to do', dismiss: 'Dismiss' },
  data,
  network,
  training,
  insight,
} as const;
