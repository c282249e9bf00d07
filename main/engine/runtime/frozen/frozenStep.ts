import type { DoctorStep } from '../../../../shared/ipc/doctorReport.ts';
import type { TensorFlowRuntime } from '../tensorflow.ts';
import { askedFrozenRuntime, frozenRuntimeFor } from './frozenRuntime.ts';

const name = 'frozen layers';

/** What computes the frozen layers, for `thaw doctor`. @param runtime null when TensorFlow.js does not load at all. */
export function frozenStep(runtime: TensorFlowRuntime | null): DoctorStep {
  const asked = askedFrozenRuntime();
  if (!asked.ok) {
    const { message, found, remedy } = asked.error;
    return { name, status: 'failed', detail: `${message} Found: ${found ?? ''}`, remedy: remedy ?? null };
  }
  const choice = frozenRuntimeFor(asked.value, runtime ?? { kind: 'portable', onGpu: false });
  if (asked.value === 'tensorflow' && choice === 'onnxruntime')
    return {
      name,
      status: 'missing',
      detail:
        'ONNX Runtime on the processor; THAW_FROZEN asks for TensorFlow, whose native runtime is not in use',
      remedy: runtime?.reason?.remedy ?? 'Unset THAW_FROZEN, or THAW_RUNTIME.',
    };
  const place = runtime?.onGpu === true ? runtime.device : 'the processor';
  const detail =
    choice === 'tensorflow' ? `TensorFlow on ${place}, as one graph` : 'ONNX Runtime on the processor';
  const why = asked.value === null ? '' : ', as THAW_FROZEN asks';
  return { name, status: 'ok', detail: detail + why, remedy: null };
}
