import type { Preprocess } from '../../../../../shared/domain/network.ts';
import type { Result } from '../../../../../shared/result.ts';
import type { ImportedGraph } from '../../../network/index.ts';
import type { Prefix } from '../prefix.ts';
import { openGraphModelPrefix } from './graphModelPrefix.ts';
import { openOnnxPrefix } from './onnxPrefix.ts';
import { openSavedModelPrefix } from './savedModelPrefix.ts';

export interface GraphPrefixOptions {
  /** The value to give instead of the graph's features. */
  readonly output?: string;
  /** Cores to use; all when not told. */
  readonly threads?: number;
  /** Whether a missing runtime is set up first; it is when not told. */
  readonly provision?: boolean;
}

/**
 * A graph as a prefix: it runs as it is, in the runtime of its format. An image's features are one vector: of a value
 * of [height, width, channels], the mean over its places.
 * Errors: engine-unsupported when it does not run; usage for a value that is not there.
 */
export function openGraphPrefix(
  graph: ImportedGraph,
  preprocess: Preprocess,
  options: GraphPrefixOptions = {},
): Promise<Result<Prefix>> {
  const { program } = graph;
  switch (program.format) {
    case 'GraphModel':
      return openGraphModelPrefix(graph, program, preprocess, options);
    case 'ONNX':
      return openOnnxPrefix(graph, program, preprocess, options);
    case 'SavedModel':
      return openSavedModelPrefix(graph, program, preprocess, options);
  }
}
