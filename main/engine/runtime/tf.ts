/** The TensorFlow.js API, native or portable: the same functions over another backend. */
export type Tf = typeof import('@tensorflow/tfjs-node-gpu');
