import electron from 'electron';

Object.assign(electron, {
  webUtils: { getPathForFile: (file: File & { readonly path?: string }) => file.path ?? '' },
});
