import { spawnSync } from 'node:child_process';

/** The TensorFlow release whose C library the addon is linked to: the last one tfjs-node 4.22 was written for. */
export const tensorflowVersion = '2.15.1';

/** A Python package that holds TensorFlow's C library and headers for one kind of machine. */
export interface Wheel {
  readonly distribution: string;
  /** pip's platform tag. */
  readonly platform: string;
  /** Names inside the wheel. */
  readonly libraries: readonly [library: string, framework: string];
  /** Whether the NVIDIA packages it names for CUDA are needed too. */
  readonly cuda: boolean;
}

/** Wheels are taken for one Python version; which one does not matter to the C library inside. */
export const wheelPython = '3.11';

const linux = ['tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2'] as const;
const mac = ['tensorflow/libtensorflow_cc.2.dylib', 'tensorflow/libtensorflow_framework.2.dylib'] as const;

/** The wheel for a machine, or null where none has a C library to link to (Windows, rarer processors). */
export function wheelFor(platform: string, architecture: string, gpu: boolean): Wheel | null {
  switch (`${platform}-${architecture}`) {
    case 'linux-x64':
      return {
        distribution: gpu ? 'tensorflow' : 'tensorflow-cpu',
        platform: 'manylinux_2_17_x86_64',
        libraries: linux,
        cuda: gpu,
      };
    case 'linux-arm64':
      return {
        distribution: 'tensorflow-cpu-aws',
        platform: 'manylinux_2_17_aarch64',
        libraries: linux,
        cuda: false,
      };
    case 'darwin-x64':
      return { distribution: 'tensorflow', platform: 'macosx_10_15_x86_64', libraries: mac, cuda: false };
    case 'darwin-arm64':
      return { distribution: 'tensorflow', platform: 'macosx_12_0_arm64', libraries: mac, cuda: false };
    default:
      return null;
  }
}

/** The name of the first NVIDIA GPU, or null. */
export function nvidiaGpu(): string | null {
  const { status, stdout } = spawnSync('nvidia-smi', ['--query-gpu=name', '--format=csv,noheader'], {
    encoding: 'utf8',
    timeout: 10_000,
    windowsHide: true,
  });
  const name = status === 0 ? stdout.trim().split('\n')[0] : undefined;
  return name === undefined || name === '' ? null : name;
}
