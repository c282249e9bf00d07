export type { Architecture, BuildOptions, KerasCall } from './architecture.ts';
export { noWeights, openArchitecture } from './openArchitecture.ts';
export { architectures, findArchitecture } from './registry.ts';
