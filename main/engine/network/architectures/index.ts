export type { Architecture, BuildOptions } from './architecture.ts';
export { architectures, findArchitecture } from './registry.ts';
