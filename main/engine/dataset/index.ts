export { openDataset } from './source/openDataset.ts';
export type { DatasetSource, SourceEntry } from './source/source.ts';
export { scanDataset, type ScanOptions } from './scan/scanDataset.ts';
export { fingerprintOf } from './scan/fingerprint.ts';
export { splitDataset, type Split, type SplitOptions } from './split/splitDataset.ts';
export { createDecoder, type Decoder } from './decode/decoder.ts';
export type { DecodeTarget } from './decode/pixels.ts';
export { reportDataset, type DatasetReport } from './report.ts';
export { compareCodePoints } from './codePoints.ts';
