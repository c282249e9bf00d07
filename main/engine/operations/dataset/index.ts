export { inspectDataset, listFindings, listImages, type InspectOptions } from './lists.ts';
export { pictureOf } from './pictures.ts';
export { augment } from './views.ts';
