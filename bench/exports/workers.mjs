/**
 * Trains an exported Keras project once on one device and once on two workers of this machine, and prints the losses side
 * by side: they are to be the same. usage: node bench/exports/workers.mjs
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { judgesFolder } from '../../scripts/judges/venv.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const folder = mkdtempSync(path.join(os.tmpdir(), 'thaw-workers-'));
const sample = path.join(root, 'assets', 'sample');
const python = path.join(judgesFolder(), 'venv', 'bin', 'python');
const thaw = (...args) =>
  execFileSync(process.execPath, [path.join(root, 'scripts', 'thaw.mjs'), ...args], { stdio: 'ignore' });
thaw('train', sample, '--out', path.join(folder, 'run'), '--epochs', '6');
const project = path.join(folder, 'project');
thaw('export', path.join(folder, 'run'), '--format', 'keras-project', '--out', project);

const train = (name, extra, config) =>
  new Promise((resolve, reject) => {
    const history = path.join(folder, `${name}.json`);
    const files = ['--data', sample, '--out', path.join(folder, `${name}.keras`), '--history', history];
    const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3', ...(config && { TF_CONFIG: config }) };
    const child = spawn(python, [path.join(project, 'train.py'), ...files, ...extra], {
      env,
      stdio: 'ignore',
    });
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve(history) : reject(new Error(`${name}: exit ${code}`)),
    );
  });

const worker = ['127.0.0.1:23461', '127.0.0.1:23462'];
const [both] = await Promise.all(
  worker.map((_, index) => {
    const config = JSON.stringify({ cluster: { worker }, task: { type: 'worker', index } });
    return train('workers', ['--strategy', 'workers'], config);
  }),
);
const [one, two] = [await train('single', []), both].map((file) => JSON.parse(readFileSync(file, 'utf8')));
const { epochs } = JSON.parse(readFileSync(path.join(folder, 'run', 'result.json'), 'utf8'));
console.log(
  '| epoch | loss: Thaw | one device | two workers | validation loss: Thaw | one device | two workers |',
);
console.log('| --: | --: | --: | --: | --: | --: | --: |');
for (const [index, single] of one.entries())
  console.log(
    `| ${[
      index + 1,
      ...[epochs[index].loss, single.loss, two[index].loss].map((value) => value.toFixed(5)),
      ...[epochs[index].valLoss, single.val_loss, two[index].val_loss].map((value) => value.toFixed(5)),
    ].join(' | ')} |`,
  );
