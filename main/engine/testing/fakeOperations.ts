import { thawError } from '../../../shared/errors.ts';
import { err, ok } from '../../../shared/result.ts';
import type { Operations } from '../jobs/operations.ts';

const refuse = () => Promise.resolve(err(thawError('internal', 'This operation was not expected to run.')));

/** Operations for tests of what is around them: each refuses unless the test gives its own. */
export function operationsWith(own: Partial<Operations>): Operations {
  return {
    train: refuse,
    resume: refuse,
    listRuns: refuse,
    readRun: refuse,
    renameRun: refuse,
    deleteRun: refuse,
    evaluate: refuse,
    predict: refuse,
    predictFrame: refuse,
    features: refuse,
    export: refuse,
    inspectDataset: refuse,
    listImages: refuse,
    listFindings: refuse,
    pictureOf: refuse,
    augment: refuse,
    createProject: refuse,
    openProject: refuse,
    changeProject: refuse,
    tidyProject: refuse,
    addImages: refuse,
    inspectModel: refuse,
    inspectLayer: refuse,
    estimate: refuse,
    listBackboneCatalogue: refuse,
    getBackbone: refuse,
    addBackbone: refuse,
    measureBackbone: refuse,
    cache: refuse,
    findLearningRate: refuse,
    doctor: () => Promise.resolve(ok({ healthy: true, trainer: 'test', steps: [] })),
    ...own,
  };
}
