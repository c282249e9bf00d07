import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { diagnose, formatDoctor } from './doctor.ts';
import { supplyRemovedUtilities } from './addon/nodeCompat.ts';
import { packageRoot } from './packageRoot.ts';
import { downloadWheels } from './provision/download.ts';
import { compileAddon } from './provision/compile.ts';
import { wheelFor } from './provision/target.ts';
import { loadTensorFlow } from './tensorflow.ts';

const run = promisify(execFile);
const required = process.env['THAW_REQUIRE'] === '1';
let program: string;

/** A small program over the room's own code, for asking it in another process. */
beforeAll(async () => {
  const place = path.join(packageRoot, 'dist', 'runtime-test', 'program.mjs');
  await build({
    stdin: {
      contents: `
        import { loadTensorFlow } from './main/engine/runtime/tensorflow.ts';
        const loaded = await loadTensorFlow({ provision: false });
        if (!loaded.ok) throw new Error(loaded.error.message);
        const { tf, kind } = loaded.value;
        const values = tf.tidy(() => {
          const image = tf.reshape(tf.linspace(-1, 1, 5 * 5 * 3), [1, 5, 5, 3]);
          const kernel = tf.reshape(tf.linspace(1, -1, 3 * 3 * 3 * 4), [3, 3, 3, 4]);
          return [...tf.softmax(tf.reshape(tf.conv2d(image, kernel, 2, 'same'), [9, 4])).dataSync()];
        });
        console.log(JSON.stringify({ kind, values }));`,
      resolveDir: packageRoot,
      loader: 'ts',
    },
    outfile: place,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
  program = place;
});

async function compute(environment: Record<string, string>): Promise<{ kind: string; values: number[] }> {
  const { stdout } = await run(process.execPath, [program], { env: { ...process.env, ...environment } });
  return JSON.parse(stdout) as { kind: string; values: number[] };
}

describe('the runtime', () => {
  it('is native where that is required, and says so', async () => {
    const loaded = await loadTensorFlow();
    if (!loaded.ok) throw new Error(loaded.error.message);
    if (required) expect(loaded.value.kind).toBe('native');
    expect(loaded.value.description).toMatch(
      loaded.value.kind === 'native' ? /^tensorflow \d+\.\d+\.\d+ native$/ : /^portable$/,
    );
  });

  it('computes the same in portable mode, and prints nothing of its own', async () => {
    await loadTensorFlow();
    const [one, other] = [await compute({}), await compute({ THAW_RUNTIME: 'portable' })];
    expect(other.kind).toBe('portable');
    if (required) expect(one.kind).toBe('native');
    expect(one.values).toHaveLength(36);
    for (const [index, value] of one.values.entries()) expect(other.values[index]).toBeCloseTo(value, 5);
  });

  it('is examined step by step', async () => {
    const report = await diagnose({ provision: false });
    const names = report.steps.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['node', 'pip', 'compiler', 'addon', 'tensorflow', 'computing']),
    );
    expect(report.steps.find(({ name }) => name === 'computing')!.status).toBe('ok');
    expect(report.steps.filter(({ status }) => status === 'failed')).toEqual([]);
    expect(formatDoctor(report)).toContain(report.trainer);
  });
});

describe('setting up', () => {
  const wheel = wheelFor('linux', 'x64', false)!;

  it('says what to install when pip or the compiler is missing', async () => {
    const place = await mkdtemp(path.join(tmpdir(), 'thaw-runtime-'));
    const before = process.env['PATH'];
    process.env['PATH'] = place;
    try {
      const fetched = await downloadWheels(['tensorflow-cpu==2.15.1'], wheel, place, {});
      expect(!fetched.ok && fetched.error).toMatchObject({ code: 'engine-missing' });
      expect(!fetched.ok && fetched.error.remedy).toContain('python3-pip');
      const compiled = await compileAddon(place, place, wheel, path.join(place, 'addon.node'));
      expect(!compiled.ok && compiled.error.remedy).toContain('apt install g++');
    } finally {
      process.env['PATH'] = before;
    }
  });

  it('chooses the wheel by system, processor and GPU', () => {
    expect(wheel.distribution).toBe('tensorflow-cpu');
    expect(wheelFor('linux', 'x64', true)).toMatchObject({ distribution: 'tensorflow', cuda: true });
    expect(wheelFor('darwin', 'arm64', false)!.libraries[0]).toMatch(/dylib$/);
    expect(wheelFor('win32', 'x64', false)).toBeNull();
  });
});

describe('newer Node', () => {
  it('gets the utilities that were removed, and keeps those that were not', () => {
    const bare: Parameters<typeof supplyRemovedUtilities>[0] = {};
    supplyRemovedUtilities(bare);
    expect([bare.isNullOrUndefined!(undefined), bare.isNullOrUndefined!(0), bare.isArray!([])]).toEqual([
      true,
      false,
      true,
    ]);
    const util = createRequire(import.meta.url)('node:util') as Required<typeof bare>;
    const { isArray } = util;
    supplyRemovedUtilities(util);
    expect(util.isArray).toBe(isArray);
  });
});
