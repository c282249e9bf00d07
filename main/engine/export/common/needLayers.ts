import { thawError } from '../../../../shared/errors.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import type { StoredModel } from '../../project/modelFolder.ts';

/** Errors: engine-unsupported for a model whose backbone is a GraphModel, which has operations instead of layers. */
export function needLayers(model: StoredModel, format: string): Result<void> {
  if (model.graphFolder === null) return ok(undefined);
  return err(
    thawError(
      'engine-unsupported',
      `The backbone of this run is a GraphModel, whose layers Thaw does not know; ${format} needs them.`,
      {
        expected: 'a run on a LayersModel backbone',
        found: 'GraphFeatures, the one layer that stands for the graph',
        remedy: 'Export it as tfjs-graph, or train on a LayersModel of the same network.',
      },
    ),
  );
}
