/**
 * What it costs to look at images again that have not changed: a second training of the head alone, whose features are
 * cached, and a second `thaw inspect`, which is what opening a dataset in the studio does. Each is measured with what the
 * scan remembers and with another checkout of Thaw, or, without one, with the memory dropped before each time, in turns
 * that change. Prints a table for results.md; run it with nothing else busy:
 * node bench/scan/run.mjs [IMAGES] [--beside CHECKOUT] [--many N] [--repeats N], --many 0 for IMAGES alone
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildMain } from '../../scripts/build.mjs';
import { makeManyImages } from '../renderer/manyImages.mjs';
import { makeCache, median } from '../support.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    beside: { type: 'string' },
    many: { type: 'string', default: '20000' },
    repeats: { type: 'string', default: '3' },
  },
});
const [images] = positionals;
/** What is remembered of a file that changed a moment ago counts for nothing. */
const settled = 4_000;

const place = mkdtempSync(path.join(tmpdir(), 'thaw-bench-scan-'));
let runs = 0;

/** A checkout with a cache of its own. */
function side(name, checkout, forgets) {
  const cache = makeCache(path.join(place, name));
  return {
    run(...args) {
      if (forgets) rmSync(path.join(cache, 'scans'), { recursive: true, force: true });
      const started = performance.now();
      const { stdout, status } = spawnSync(
        process.execPath,
        [path.join(checkout, 'scripts', 'thaw.mjs'), ...args, '--json'],
        { encoding: 'utf8', env: { ...process.env, THAW_CACHE: cache }, maxBuffer: 2 ** 30 },
      );
      if (status !== 0) throw new Error(`${name}: thaw ${args.join(' ')} ended with ${status}`);
      return { wall: (performance.now() - started) / 1000, result: JSON.parse(stdout) };
    },
  };
}

/** Both sides once to warm up, then in turns. */
function compare(what, numbersOf) {
  for (const one of [before, now]) numbersOf(one);
  const seen = [[], []];
  for (let turn = 0; turn < Number(values.repeats); turn += 1)
    for (const at of turn % 2 === 0 ? [0, 1] : [1, 0]) seen[at].push(numbersOf([before, now][at]));
  for (const name of Object.keys(seen[0][0])) {
    const [old, fresh] = seen.map((list) => median(list.map((numbers) => numbers[name])));
    const text = (seconds) => `${seconds.toFixed(2)} s`;
    console.log(`| ${what}${name} | ${text(old)} | ${text(fresh)} | ${(old / fresh).toFixed(1)} |`);
  }
}

const train = (one) => {
  const out = path.join(place, `run-${(runs += 1)}`);
  const { wall, result } = one.run('train', images, '--epochs', '1', '--out', out);
  return { ', scan alone': result.seconds.scan, ', from command to end': wall };
};
const inspect = (location) => (one) => ({ '': one.run('inspect', location).wall });

await buildMain();
const now = side('now', root, false);
const before = side('before', values.beside ?? root, values.beside === undefined);
try {
  console.log('|  | looked at again | remembered | ratio |\n| --- | --- | --- | --- |');
  if (images !== undefined) {
    compare('`thaw train` a second time, head only', train);
    compare('`thaw inspect` a second time', inspect(images));
  }
  const many = path.join(tmpdir(), `thaw-bench-many-${values.many}`);
  if (Number(values.many) > 0 && !existsSync(many)) {
    await makeManyImages(many, Number(values.many));
    await setTimeout(settled);
  }
  if (Number(values.many) > 0) compare(`\`thaw inspect\` of ${values.many} small images`, inspect(many));
} finally {
  rmSync(place, { recursive: true, force: true });
}
