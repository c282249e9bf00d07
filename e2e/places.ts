import path from 'node:path';

/** The checkout. */
export const root = path.resolve(import.meta.dirname, '..');

/** The bundled sample images. */
export const sample = path.join(root, 'assets', 'sample');

/** Where pictures of the screens are kept for whoever wants to look at them. */
export const screenshots = path.join(root, 'test-results', 'screenshots');

/** Real weights, where they lie beside the checkout. */
export const weights = path.join(root, '..', 'shared', 'data', 'weights');
