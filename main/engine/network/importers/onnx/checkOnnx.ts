import { thawError } from '../../../../../shared/errors.ts';
import type { Result } from '../../../../../shared/result.ts';
import { err, ok } from '../../../../../shared/result.ts';
import type { OnnxModel, OnnxNode } from '../../onnx/messages.ts';
import { allNodes, OnnxValues } from './walk.ts';

/** Operator sets whose operations ONNX Runtime brings itself; others are libraries of program code. */
const knownDomains = new Set(['', 'ai.onnx', 'ai.onnx.ml', 'com.microsoft', 'com.microsoft.nchwc']);

/** ONNX Runtime runs operator sets from 7 on; the first with today's broadcasting. */
const oldestOpset = 7;
/** Of the format itself; before it, initializers had to be inputs as well. */
const oldestVersion = 3;

/** Operations that a frozen image backbone has no use for, and why each is refused. */
const refused: ReadonlyMap<string, string> = new Map([
  ['Loop', 'which may never end'],
  ['EPContext', 'which is a compiled program'],
]);

/** Whether a model can be run as it is, and safely. Errors: engine-unsupported, input-refused, naming what is in the way. */
export function checkOnnx(model: OnnxModel, name: string): Result<void> {
  const version = Number(model.ir_version);
  const opset = opsetOf(model);
  if (version < oldestVersion || opset === null || opset < oldestOpset)
    return err(
      thawError('engine-unsupported', `${name} is of an ONNX version too old to be run.`, {
        expected: `IR version ${oldestVersion} and operator set ${oldestOpset}, or later`,
        found: `IR version ${version}, operator set ${opset ?? 'not told'}`,
        remedy: 'Convert it with onnx.version_converter.convert_version(model, 17).',
      }),
    );
  if (model.training_info.length > 0) return trains(name, 'what its training begins with');
  const own = new Set(model.functions.map(({ domain }) => domain));
  const values = model.graph === null ? null : new OnnxValues(model.graph);
  for (const node of allNodes(model)) {
    if (!knownDomains.has(node.domain) && !own.has(node.domain))
      return err(
        thawError(
          'input-refused',
          `${name} needs operations of "${node.domain}", which are program code of their own.`,
          {
            expected: 'the operations of ONNX and those ONNX Runtime brings',
            found: `${node.op_type} at ${node.name || (node.output[0] ?? '')}`,
            remedy: 'Export the model without custom operations.',
          },
        ),
      );
    const why = refused.get(node.op_type);
    if (why !== undefined)
      return err(
        thawError('input-refused', `${name} holds the operation ${node.op_type}, ${why}.`, {
          found: node.name || (node.output[0] ?? ''),
          remedy: 'Export the model for images of one size, without loops.',
        }),
      );
    if (values !== null && isTraining(node, values)) return trains(name, `${node.op_type} ${node.name}`);
  }
  return ok(undefined);
}

/** The version of ONNX's own operator set; null when it is not told. */
export function opsetOf(model: OnnxModel): number | null {
  const own = model.opset_import.find(({ domain }) => domain === '' || domain === 'ai.onnx');
  return own === undefined ? null : Number(own.version);
}

/** Normalisation by the batch, or dropout that drops. */
function isTraining(node: OnnxNode, values: OnnxValues): boolean {
  if (node.op_type === 'BatchNormalization') {
    const mode = node.attribute.find(({ name }) => name === 'training_mode');
    // Before operator set 14, the outputs beyond the first were the batch's statistics.
    return Number(mode?.i ?? 0) !== 0 || node.output.filter((output) => output !== '').length > 1;
  }
  if (node.op_type !== 'Dropout') return false;
  const flag = values.constant(node.input[2]);
  return flag?.raw_data.some((byte) => byte !== 0) === true;
}

function trains(name: string, found: string): Result<never> {
  return err(
    thawError(
      'engine-unsupported',
      `${name} was exported for training: its answers depend on the other images.`,
      {
        expected: 'a model in inference mode',
        found,
        remedy: 'Export it again in inference mode: model.eval() and training=TrainingMode.EVAL in PyTorch.',
      },
    ),
  );
}
