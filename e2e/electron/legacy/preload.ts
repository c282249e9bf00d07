/** The preload script under an old Electron, whose pages' files say their path themselves. */
import electron from 'electron';

Object.assign(electron, {
  webUtils: { getPathForFile: (file: File & { readonly path?: string }) => file.path ?? '' },
});

// eslint-disable-next-line
require('../../../preload/preload.ts');
