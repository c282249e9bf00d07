/**
 * Training beside Keras: same weights, same images, alternating in one sitting, each pass in a process of its own.
 * Usage: node bench/training/run.mjs --images FOLDER --model FOLDER --small FOLDER [--peer keras2|keras3] [--repeats N] [ROW …]
 * Without a peer, Keras 2.15; without rows, all of them. Writes results.json and RESULTS.md beside this file; rows not run stay as they were.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { renderResults } from './report.mjs';
import { rows } from './rows.mjs';
import { makeReady, peers } from './sides.mjs';
import { median } from '../support.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    images: { type: 'string' },
    model: { type: 'string' },
    small: { type: 'string' },
    peer: { type: 'string', default: 'keras2' },
    repeats: { type: 'string', default: '5' },
  },
});
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const wanted = positionals.length > 0 ? positionals : Object.keys(rows);
const unknown = wanted.filter((name) => !(name in rows));
const peer = peers[values.peer];
if (
  unknown.length > 0 ||
  peer === undefined ||
  [values.images, values.model, values.small].includes(undefined)
) {
  const list = Object.keys(rows).join(', ');
  console.error(
    `Usage: node bench/training/run.mjs --images FOLDER --model FOLDER --small FOLDER [--peer ${Object.keys(peers).join('|')}] [--repeats N] [ROW …]\nRows: ${list}`,
  );
  process.exit(2);
}

await makeReady(peer);
const file = path.join(here, 'results.json');
const results = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
const ofPeer = (results[values.peer] ??= {});
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: here, encoding: 'utf8' }).trim();
for (const name of wanted) {
  const row = rows[name];
  const load = os.loadavg()[0];
  const [thaw, keras] = [[], []];
  for (
    let repetition = 0;
    repetition < Math.min(Number(values.repeats), row.repeats ?? Infinity);
    repetition += 1
  ) {
    const once = row.once({ ...values, keras: peer.keras }, repetition);
    thaw.push(once.thaw);
    keras.push(once.keras);
    console.log(
      `${name}: Thaw ${once.thaw.toFixed(4)} ${row.unit}, Keras ${once.keras.toFixed(4)} ${row.unit}`,
    );
  }
  ofPeer[name] = {
    title: row.title,
    unit: row.unit,
    target: row.target,
    thaw: row.spread ? mean(thaw) : median(thaw),
    keras: row.spread ? mean(keras) : median(keras),
    ...(row.spread && { spread: { thaw, keras } }),
    repeats: thaw.length,
    load,
    commit,
    date: new Date().toISOString().slice(0, 10),
    machine: `${os.cpus()[0].model}, ${os.availableParallelism()} cores, ${Math.round(os.totalmem() / 2 ** 30)} GiB, ${os.type()}`,
    models: row.models ?? `${path.basename(values.model)} (larger), ${path.basename(values.small)} (smaller)`,
  };
  await writeFormatted(file, JSON.stringify(results));
  await writeFormatted(path.join(here, 'RESULTS.md'), renderResults(results, Object.keys(rows)));
}

async function writeFormatted(filepath, text) {
  writeFileSync(filepath, await format(text, { ...(await resolveConfig(filepath)), filepath }));
}
