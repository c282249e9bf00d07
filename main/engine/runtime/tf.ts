import type * as tfjs from '@tensorflow/tfjs-node-gpu';

/** The TensorFlow.js API, native or portable: the same functions over another backend. */
export type Tf = typeof tfjs;
