export { addImages, type AddedImages } from './addImages.ts';
export { change as changeProject } from './change.ts';
export { tidyProject } from './tidy.ts';
export { create as createProject, open as openProject } from './open.ts';
