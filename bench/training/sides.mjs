/** The two sides of every measurement: Thaw's processes and Keras's. */
import { execFileSync } from 'node:child_process';
import { linkSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildMain } from '../../scripts/build.mjs';
import { ensureEnvironment, ensureJudgeVenv, judgesFolder } from '../../scripts/judges/venv.mjs';
import { makeCache } from '../support.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '..', '..');
const judges = path.join(root, 'scripts', 'judges');
const built = path.join(root, 'dist', 'bench');

/** The peers: Keras 2.15 with the TensorFlow that Thaw has, and today's Keras with today's TensorFlow. */
export const peers = {
  keras2: { versions: 'Keras 2.15.0, TensorFlow 2.15.1', keras: kerasIn('judges'), ensure: ensureJudgeVenv },
  keras3: {
    versions: 'Keras 3.15.1, TensorFlow 2.21.0',
    keras: kerasIn('bench-keras3'),
    ensure: () => ensureEnvironment('bench-keras3', path.join(here, 'requirements-keras3.txt')),
  },
};

/** Builds what the measurements start, and makes the environment of a peer. */
export async function makeReady(peer) {
  const missing = await peer.ensure();
  if (missing !== null) throw new Error(`Keras could not be set up: ${missing}`);
  await buildMain();
  // Sets the native runtime up where it is not yet.
  execFileSync(process.execPath, ['scripts/thaw.mjs', 'doctor'], { cwd: root, stdio: 'ignore' });
  await build({
    absWorkingDir: root,
    entryPoints: ['prepare', 'repeatable', 'thawStep', 'thawLatency', 'thawMemory'].map(
      (name) => `bench/training/${name}.ts`,
    ),
    outdir: built,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
}

/** Runs a program and gives the JSON on its last line, and how long it took from command to end. */
function measure(command, args, env = {}) {
  const started = performance.now();
  const options = { encoding: 'utf8', cwd: root, env: { ...process.env, ...env }, maxBuffer: 2 ** 28 };
  const output = execFileSync(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const wallSeconds = (performance.now() - started) / 1000;
  return { ...lastJson(output), wallSeconds };
}

function lastJson(output) {
  const text = output.trim();
  return JSON.parse(text.startsWith('{') ? text : text.split('\n').at(-1));
}

/** Runs scripts of this folder, or of scripts/judges, in an environment. */
function kerasIn(environment) {
  const bin = process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python';
  return (script, args) => {
    const own = path.join(here, script);
    const file = existsSync(own) ? own : path.join(judges, script);
    const env = { PYTHONPATH: judges };
    return measure(path.join(judgesFolder(environment), 'venv', bin), [file, ...args.map(String)], env);
  };
}

/** One of the programs built from this folder. */
export function thawScript(name, args) {
  return measure(process.execPath, [path.join(built, `${name}.js`), ...args.map(String)]);
}

/** `thaw train` in a process of its own, with an empty feature cache. */
export function thawTrain(dataset, options) {
  const place = mkdtempSync(path.join(tmpdir(), 'thaw-bench-'));
  try {
    const cache = makeCache(path.join(place, 'cache'));
    const args = [
      'scripts/thaw.mjs',
      'train',
      dataset,
      '--out',
      path.join(place, 'run'),
      '--json',
      ...options,
    ];
    return measure(process.execPath, args.map(String), { THAW_CACHE: cache });
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** A model without its head as Keras reads it, its input size, and where its last quarter begins. */
export function prepareModel(model) {
  const folder = path.join(built, path.basename(model));
  rmSync(folder, { recursive: true, force: true });
  return { folder, ...thawScript('prepare', [model, folder]) };
}

/** The images as train/ and val/, every fifth held out, so that both sides see the same. */
export function splitImages(images) {
  const out = path.join(built, `${path.basename(path.dirname(path.resolve(images)))}-split`);
  if (existsSync(out)) return out;
  for (const name of readdirSync(images, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
    const files = readdirSync(path.join(images, name.name)).sort();
    for (const [index, file] of files.entries()) {
      const folder = path.join(out, index % 5 === 0 ? 'val' : 'train', name.name);
      mkdirSync(folder, { recursive: true });
      const [from, to] = [path.join(images, name.name, file), path.join(folder, file)];
      try {
        linkSync(from, to);
      } catch {
        copyFileSync(from, to);
      }
    }
  }
  return out;
}
