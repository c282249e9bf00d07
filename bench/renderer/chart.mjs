/**
 * The training station's four charts with a run of 100 epochs and one of 10,000 in a real browser: the page's own
 * processor time for showing them, for pointing along a chart, and for smoothing. Prints a table; run it with nothing
 * else busy: node bench/renderer/chart.mjs [EPOCHS]
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const sample = path.join(root, 'assets', 'sample');
const backbone = 'thaw-mobilenet-v2-035-128';
const counts = [100, Number(process.argv[2] ?? 10_000)];

/** A run's folder as a training of so many epochs leaves it, without its model. */
async function makeRun(folder, count) {
  const epochs = Array.from({ length: count }, (_, index) => ({
    epoch: index + 1,
    phase: index < count * 0.8 ? 'head' : 'fine-tune',
    loss: 2 / Math.sqrt(index + 1) + 0.1 * Math.sin(index * 12.9898),
    accuracy: 1 - 0.6 / Math.sqrt(index + 1),
    valLoss: 2.2 / Math.sqrt(index + 1) + 0.1 * Math.sin(index * 78.233),
    valAccuracy: 0.95 - 0.6 / Math.sqrt(index + 1),
    learningRate: 0.003,
    seconds: 1,
    imagesPerSecond: 400 + 50 * Math.sin(index),
  }));
  const classes = ['bird', 'car', 'cat', 'dog', 'flower', 'fruit'];
  const settings = {
    ...{ dataset: sample, validation: null, backbone, weights: null, randomWeights: false },
    ...{ epochs: count, batchSize: 32, learningRate: 0.003, freeze: 'backbone', thawFrom: null, thaw: [] },
    ...{ fineTuneEpochs: 0, fineTuneLearningRate: 0.0001, batchNorm: 'inference', imageSize: null },
    ...{ resize: 'squash', preprocess: null, validationSplit: 0.2, seed: 0, earlyStop: 0 },
    ...{ classWeights: 'none', headUnits: [], dropout: 0 },
  };
  const file = {
    ...{ format: 'thaw-run', version: 1, created: new Date().toISOString(), settings, versions: {} },
    backbone: { name: backbone, weightsHash: '' },
    dataset: { name: 'sample', fingerprint: '', classes },
    validation: null,
  };
  const result = {
    ...{ run: folder, backbone, classes, images: { train: 408, validation: 72 }, cut: 'probabilities' },
    ...{ parameters: { trainable: 7686, frozen: 0 }, layers: { trainable: 1, frozen: 0 }, epochs },
    best: { epoch: count, valAccuracy: epochs.at(-1).valAccuracy },
    seconds: { scan: 0, features: 0, train: count, total: count },
    runtime: { trainer: '', prefix: '', device: '' },
    notices: [],
  };
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'run.json'), JSON.stringify(file));
  await writeFile(path.join(folder, 'result.json'), JSON.stringify(result));
  await writeFile(path.join(folder, 'title.json'), JSON.stringify({ title: `${count} epochs` }));
}

const home = mkdtempSync(path.join(tmpdir(), 'thaw-bench-chart-'));
for (const count of counts) await makeRun(path.join(home, 'runs', String(count)), count);
const child = spawn(
  process.execPath,
  [path.join(root, 'scripts', 'thaw.mjs'), 'serve', '--port', '0', '--json'],
  {
    env: { ...process.env, THAW_DATA: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  },
);
let url = '';
for await (const line of createInterface({ input: child.stdout })) {
  url = JSON.parse(line).url;
  break;
}
const executablePath = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((file) => existsSync(file));
const browser = await chromium.launch({ ...(executablePath && { executablePath }), args: ['--no-sandbox'] });
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(url);
  await page.getByRole('button', { name: 'Open the sample' }).click();
  await page.getByRole('heading', { name: '480 images in 6 classes' }).waitFor();
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  /** Milliseconds of the page's own work that something costs. */
  const cost = async (work) => {
    const busy = async () => {
      const { metrics } = await session.send('Performance.getMetrics');
      return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0);
    };
    const before = await busy();
    await work();
    await page.evaluate(() => new Promise((resolve) => globalThis.requestAnimationFrame(() => resolve())));
    return (await busy()) - before;
  };
  await page.getByRole('navigation').getByRole('button', { name: 'Training' }).click();
  console.log('| epochs | shown, ms | pointed at, ms each | smoothed, ms each |');
  console.log('| --- | --- | --- | --- |');
  for (const count of [counts[0], ...counts]) {
    await page.getByRole('tab', { name: /^Runs/ }).click();
    const shown = await cost(async () => {
      await page.getByRole('button', { name: `${count} epochs`, exact: true }).click();
      await page.locator(`.charts[data-epochs="${count}"] canvas`).first().waitFor();
    });
    const box = await page.locator('.plot').first().boundingBox();
    const steps = 100;
    const pointed = await cost(async () => {
      for (let step = 0; step < steps; step += 1)
        await page.mouse.move(box.x + 70 + ((box.width - 90) * step) / steps, box.y + 80);
    });
    const slider = page.getByRole('slider');
    await slider.focus();
    const smoothed = await cost(async () => {
      for (let step = 0; step < 10; step += 1) await page.keyboard.press('ArrowRight');
    });
    for (let step = 0; step < 10; step += 1) await page.keyboard.press('ArrowLeft');
    const row = [count, shown.toFixed(0), (pointed / steps).toFixed(1), (smoothed / 10).toFixed(1)];
    console.log(`| ${row.join(' | ')} |`);
  }
} finally {
  await browser.close();
  child.kill('SIGINT');
  rmSync(home, { recursive: true, force: true });
}
