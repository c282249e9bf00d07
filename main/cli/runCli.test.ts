import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { TrainSettings } from '../../shared/domain/run.ts';
import { defaultTrainSettings } from '../../shared/domain/run.ts';
import { exitCodeOf, thawError } from '../../shared/errors.ts';
import type { ErrorCode } from '../../shared/errors.ts';
import { err, ok } from '../../shared/result.ts';
import type { Operations } from '../engine/jobs/operations.ts';
import { packageRoot } from '../engine/runtime/packageRoot.ts';
import { operationsWith } from '../engine/testing/fakeOperations.ts';
import { runCli } from './runCli.ts';

async function cli(
  args: readonly string[],
  operations: Partial<Operations> = {},
  interrupt?: (press: () => void) => void,
) {
  let out = '';
  let error = '';
  const code = await runCli(
    args,
    {
      out: (text) => (out += text),
      err: (text) => (error += text),
      isTerminal: false,
      columns: 80,
      onInterrupt(listener) {
        interrupt?.(listener);
        return () => undefined;
      },
      operations: operationsWith(operations),
    },
    '1.2.3',
  );
  return { code, out, error };
}

const epoch = {
  epoch: 1,
  phase: 'head' as const,
  loss: 0.5,
  accuracy: 0.75,
  valLoss: 0.6,
  valAccuracy: 0.7,
  learningRate: 0.003,
  seconds: 1.25,
  imagesPerSecond: 100,
};
const trained = {
  run: '/r',
  backbone: 'b',
  classes: ['x', 'y'],
  images: { train: 8, validation: 2 },
  parameters: { trainable: 10, frozen: 90 },
  layers: { trainable: 1, frozen: 5 },
  cut: 'probabilities',
  epochs: [epoch],
  best: { epoch: 1, valAccuracy: 0.7 },
  seconds: { scan: 1, features: 2, train: 3, total: 6 },
  runtime: { trainer: 't', prefix: 'p', device: 'd' },
  notices: [],
};

describe('the command line', () => {
  it('hands the options to the engine, the defaults for the rest', async () => {
    let seen: TrainSettings | null = null;
    const args =
      'train D --out R --epochs 3 --thaw block_1?,Conv_1 --head-units 64,32 --resize crop --random-weights --seed 7';
    const { code } = await cli(args.split(' '), {
      train: (settings) => {
        seen = settings;
        return Promise.resolve(ok(trained));
      },
    });
    expect(code).toBe(0);
    expect(seen).toEqual({
      ...defaultTrainSettings,
      dataset: 'D',
      epochs: 3,
      thaw: ['block_1?', 'Conv_1'],
      headUnits: [64, 32],
      resize: 'crop',
      randomWeights: true,
      seed: 7,
    });
  });

  it('prints one JSON document on standard output and nothing else', async () => {
    const train: Operations['train'] = (_settings, _out, context) => {
      context.emit({ type: 'epoch', metrics: epoch });
      return Promise.resolve(ok(trained));
    };
    const json = await cli(['train', 'D', '--out', 'R', '--json'], { train });
    expect(JSON.parse(json.out)).toEqual(trained);
    expect(json.error).toContain('epoch   1');
    const events = await cli(['train', 'D', '--out', 'R', '--progress', 'ndjson'], { train });
    expect(
      events.error
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { body: { type: string } }).body.type),
    ).toEqual(['epoch', 'done']);
    expect(events.out).toContain('Best epoch 1: validation accuracy 70.0 %');
  });

  it('ends with the code of the error, tells what to do, and shows details only when asked', async () => {
    const failing = (code: ErrorCode): Partial<Operations> => ({
      resume: () =>
        Promise.resolve(err(thawError(code, 'It failed.', { remedy: 'Do this.', detail: 'at line 3' }))),
    });
    for (const code of ['input-corrupt', 'engine-missing', 'internal', 'cancelled', 'usage'] as const)
      expect((await cli(['resume', 'R'], failing(code))).code).toBe(exitCodeOf(code));
    const plain = await cli(['resume', 'R', '--json'], failing('input-corrupt'));
    expect(JSON.parse(plain.out)).toEqual({
      error: { code: 'input-corrupt', message: 'It failed.', remedy: 'Do this.' },
    });
    expect(plain.error).toContain('What to do: Do this.');
    expect(plain.error).not.toContain('line 3');
    expect((await cli(['resume', 'R', '--verbose'], failing('input-corrupt'))).error).toContain('line 3');
  });

  it('goes on with another plan where it is told for how long', async () => {
    let seen: unknown = null;
    const resume: Operations['resume'] = (_run, _context, next) => {
      seen = next;
      return Promise.resolve(ok(trained));
    };
    await cli(['resume', 'R'], { resume });
    expect(seen).toBeUndefined();
    await cli(['resume', 'R', '--epochs', '4', '--thaw-from', 'block_16'], { resume });
    expect(seen).toEqual({ thawFrom: 'block_16', thaw: [], epochs: 4, learningRate: 1e-5 });
    expect(await cli(['resume', 'R', '--thaw', 'block_16'], { resume })).toMatchObject({ code: 2 });
  });

  it('answers wrong usage with code 2, the option’s name and a suggestion', async () => {
    const wrong = await cli(['train', 'D', '--out', 'R', '--epoch', '3']);
    expect(wrong.code).toBe(2);
    expect(wrong.error).toContain('--epochs');
    expect((await cli(['trian', 'D'])).error).toContain('train');
    expect(await cli(['train', 'D', '--out', 'R', '--epochs', 'many'])).toMatchObject({ code: 2 });
    const range = await cli(['train', 'D', '--out', 'R', '--validation-split', '1.5']);
    expect(range).toMatchObject({ code: 2 });
    expect(range.error).toContain('--validation-split');
    expect(await cli(['train', 'D', '--out', 'R', '--augment', 'wild'])).toMatchObject({ code: 2 });
    expect((await cli(['train', '--help'])).code).toBe(0);
    expect((await cli(['--version'])).out.trim()).toBe('1.2.3');
  });

  it('cancels at Ctrl-C with code 130 and says how to go on', async () => {
    let press = (): void => undefined;
    const stopped = await cli(
      ['train', 'D', '--out', 'R'],
      {
        train: (_settings, _out, { signal }) =>
          new Promise((resolve) => {
            signal.addEventListener('abort', () => {
              resolve(err(thawError('cancelled', 'The training was cancelled.')));
            });
            press();
          }),
      },
      (listener) => {
        press = listener;
      },
    );
    expect(stopped.code).toBe(130);
    expect(stopped.error).toContain('thaw resume R');
  });

  it('writes NumPy features only to a .npy', async () => {
    expect(await cli(['features', 'M', 'a.png', '--out', 'a.txt'])).toMatchObject({ code: 2 });
    const file = path.join(await mkdtemp(path.join(tmpdir(), 'thaw-cli-')), 'a.npy');
    const row = { image: 'a.png', layer: 'l', shape: [2], features: [1, 2] };
    const written = await cli(['features', 'M', 'a.png', '--out', file, '--json'], {
      features: () => Promise.resolve(ok([row])),
    });
    expect(JSON.parse(written.out)).toEqual({ file, layer: 'l', shape: [1, 2] });
  });

  it('runs from a checkout as `thaw`, with nothing but JSON on standard output', async () => {
    const script = path.join(packageRoot, 'scripts', 'thaw.mjs');
    const run = promisify(execFile);
    const { stdout } = await run(process.execPath, [script, 'backbones', '--json']);
    const [first] = JSON.parse(stdout) as unknown[];
    expect(first).toMatchObject({ name: 'thaw-mobilenet-v2-035-128', parameters: 410_208 });
    const missing = run(process.execPath, [script, 'inspect', path.join(packageRoot, 'no such place')]);
    await expect(missing).rejects.toMatchObject({ code: 3 });
  });
});
