import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import type { ThawError } from '../../../shared/errors.ts';
import type { DoctorReport, DoctorStep } from '../../../shared/ipc/doctorReport.ts';
import { findCompiler } from './provision/compile.ts';
import { compileProgram } from './compiled/compiledProgram.ts';
import type { DownloadOptions } from './provision/download.ts';
import { findPip } from './provision/download.ts';
import { frozenStep } from './frozen/frozenStep.ts';
import { turnTelemetryOff } from './onnx/telemetry.ts';
import { isLinked, runtimePlaces } from './provision/provision.ts';
import { nvidiaGpu, wheelFor } from './provision/target.ts';
import type { TensorFlowRuntime } from './tensorflow.ts';
import { loadTensorFlow } from './tensorflow.ts';

export interface DiagnoseOptions extends DownloadOptions {
  /** Whether what is missing is set up on the way. */
  readonly provision?: boolean;
}

const require = createRequire(import.meta.url);
const oldestNode = [20, 20] as const;

/** Looks at everything the engine needs, step by step, and proves the runtime by computing something known. */
export async function diagnose(options: DiagnoseOptions = {}): Promise<DoctorReport> {
  const gpu = nvidiaGpu();
  const wheel = wheelFor(process.platform, process.arch, gpu !== null);
  const steps: DoctorStep[] = [nodeStep(), found('system', `${os.type()} ${os.release()}, ${process.arch}`)];
  steps.push(
    gpu === null ? skipped('gpu', 'no NVIDIA GPU found; the processor computes') : found('gpu', gpu),
  );

  const runtime = await loadTensorFlow(options);
  const reason = runtime.ok ? runtime.value.reason : runtime.error;
  const native = runtime.ok && runtime.value.kind === 'native';
  steps.push(await pipStep(native, options.signal), await compilerStep(native, options.signal));
  const places = runtimePlaces(wheel?.cuda ?? false);
  steps.push(
    existsSync(places.unpacked)
      ? found('tensorflow library', places.site)
      : native
        ? skipped('tensorflow library', 'not in the cache, and not needed: the addon was installed otherwise')
        : lacking('tensorflow library', 'not fetched', reason),
    isLinked(places) ? found('addon', places.link) : lacking('addon', 'not built', reason),
  );
  if (runtime.ok)
    steps.push(loadStep(runtime.value), await computeStep(runtime.value), await compileStep(runtime.value));
  else steps.push(broken('tensorflow', runtime.error));
  steps.push(frozenStep(runtime.ok ? runtime.value : null));
  turnTelemetryOff();
  steps.push(moduleStep('onnxruntime-node', 'frozen layers'), moduleStep('sharp', 'image decoding'));
  return {
    healthy: native && steps.every(({ status }) => status !== 'failed'),
    trainer: runtime.ok ? runtime.value.description : 'none',
    steps,
  };
}

/** The report for a person: one line a step, what to do below it. */
export function formatDoctor(report: DoctorReport): string {
  const marks = { ok: 'ok', missing: 'MISSING', failed: 'FAILED', skipped: '-' } as const;
  const lines = report.steps.flatMap(({ name, status, detail, remedy }) => [
    `${marks[status].padEnd(8)} ${name.padEnd(20)} ${detail}`,
    ...(remedy === null ? [] : [`${' '.repeat(9)}What to do: ${remedy}`]),
  ]);
  const verdict = report.healthy
    ? `Training runs on ${report.trainer}.`
    : `Training runs in ${report.trainer} mode: the head only, and slower.`;
  return [...lines, '', verdict].join('\n');
}

function nodeStep(): DoctorStep {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const recent = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
  if (recent) return found('node', process.versions.node);
  const remedy = `Install Node.js ${oldestNode.join('.')} or later.`;
  return { name: 'node', status: 'failed', detail: process.versions.node, remedy };
}

async function pipStep(native: boolean, signal: AbortSignal | undefined): Promise<DoctorStep> {
  const pip = await findPip(signal);
  if (pip !== null) return found('pip', pip.join(' '));
  const detail = 'not found; it fetches the native runtime';
  if (native) return skipped('pip', `${detail}, which is here`);
  return { name: 'pip', status: 'missing', detail, remedy: 'Install Python 3 with pip.' };
}

async function compilerStep(native: boolean, signal: AbortSignal | undefined): Promise<DoctorStep> {
  const compiler = await findCompiler(signal);
  if (compiler !== null) return found('compiler', compiler);
  const detail = 'not found; it builds the native addon';
  if (native) return skipped('compiler', `${detail}, which is here`);
  return { name: 'compiler', status: 'missing', detail, remedy: 'Install g++ or clang++.' };
}

function loadStep({ description, device, reason, kind }: TensorFlowRuntime): DoctorStep {
  if (kind === 'native') return found('tensorflow', `${description} on ${device}`);
  if (reason === null) return skipped('tensorflow', 'portable, as THAW_RUNTIME asks');
  return lacking('tensorflow', `portable: ${reason.message}`, reason);
}

/** [[1, 2], [3, 4]] · [[5, 6], [7, 8]] = [[19, 22], [43, 50]]. */
async function computeStep({ tf }: TensorFlowRuntime): Promise<DoctorStep> {
  const product = tf.tidy(() =>
    tf.matMul(
      tf.tensor2d([
        [1, 2],
        [3, 4],
      ]),
      tf.tensor2d([
        [5, 6],
        [7, 8],
      ]),
    ),
  );
  const started = performance.now();
  const values = [...(await product.data())];
  product.dispose();
  const milliseconds = (performance.now() - started).toFixed(1);
  if (values.join() === '19,22,43,50')
    return found('computing', `a matrix product is right (${milliseconds} ms)`);
  return {
    name: 'computing',
    status: 'failed',
    detail: `a matrix product gave ${values.join(', ')} instead of 19, 22, 43, 50`,
    remedy: 'Remove the runtime folder of the cache and run `thaw doctor` again.',
  };
}

/** 3 × 2 + 1, with the 3 kept in the graph and changed by the call. */
async function compileStep({ tf, kind }: TensorFlowRuntime): Promise<DoctorStep> {
  const name = 'compiling';
  if (kind === 'portable') return skipped(name, 'portable mode trains one operation at a time');
  const started = performance.now();
  const state = new Map([['factor', { shape: [], data: Float32Array.of(3) }]]);
  const compiled = await compileProgram(tf, {
    state,
    functions: {
      line: {
        inputs: { x: { shape: ['batch'], dtype: 'float32' } },
        run(values, { x }) {
          const factor = values.get('factor');
          if (factor === undefined || x === undefined) throw new Error('Called without its arguments');
          const updates = new Map([['factor', tf.add(factor, 1)]]);
          return { outputs: { y: tf.add(tf.mul(factor, x), 1) }, updates };
        },
      },
    },
  });
  const remedy =
    'Training works, more slowly. Remove the runtime folder of the cache and run `thaw doctor` again.';
  if (!compiled.ok) return { name, status: 'failed', detail: compiled.error, remedy };
  try {
    const x = tf.tensor1d([2]);
    const { y } = await compiled.value.call('line', { x });
    const given = [...((await y?.data()) ?? []), ...(compiled.value.read().get('factor')?.data ?? [])];
    tf.dispose([x, ...(y === undefined ? [] : [y])]);
    if (given.join() === '7,4')
      return found(name, `training steps run as one graph (${(performance.now() - started).toFixed(0)} ms)`);
    return { name, status: 'failed', detail: `a small graph gave ${given.join()} instead of 7,4`, remedy };
  } catch (cause) {
    const detail = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    return { name, status: 'failed', detail, remedy };
  } finally {
    compiled.value.dispose();
  }
}

function moduleStep(name: string, purpose: string): DoctorStep {
  try {
    const loaded = require(name) as { versions?: Record<string, string> };
    return found(name, `${loaded.versions?.[name] ?? packageVersion(name)}, for ${purpose}`);
  } catch (cause) {
    const detail = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    return { name, status: 'failed', detail, remedy: 'Run `npm ci` again.' };
  }
}

function packageVersion(name: string): string {
  return (require(`${name}/package.json`) as { version: string }).version;
}

function found(name: string, detail: string): DoctorStep {
  return { name, status: 'ok', detail, remedy: null };
}

function skipped(name: string, detail: string): DoctorStep {
  return { name, status: 'skipped', detail, remedy: null };
}

function lacking(name: string, detail: string, reason: ThawError | null): DoctorStep {
  return { name, status: 'missing', detail, remedy: reason?.remedy ?? 'Run `thaw doctor`.' };
}

function broken(name: string, error: ThawError): DoctorStep {
  return { name, status: 'failed', detail: error.message, remedy: error.remedy ?? null };
}
