/**
 * The data station with 100,000 images in a real browser: how long looking at them takes, how smoothly the grid scrolls,
 * filters and selects, how long decisions take to show, and what the page holds in memory. Prints a table for data.md;
 * run it with nothing else busy: node bench/renderer/data.mjs [IMAGES] [FOLDER], a folder made before being used again.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { makeManyImages } from './manyImages.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const count = Number(process.argv[2] ?? 100_000);
const home = mkdtempSync(path.join(tmpdir(), 'thaw-bench-data-'));
const images = process.argv[3] ?? path.join(home, 'images');
if (!existsSync(images)) {
  console.error(`Making ${count} images…`);
  await makeManyImages(images, count);
}

const child = spawn(
  process.execPath,
  [path.join(root, 'scripts', 'thaw.mjs'), 'serve', '--port', '0', '--json'],
  {
    env: { ...process.env, THAW_DATA: path.join(home, 'data'), THAW_CACHE: path.join(home, 'cache') },
    stdio: ['ignore', 'pipe', 'inherit'],
  },
);
let url = '';
for await (const line of createInterface({ input: child.stdout })) {
  url = JSON.parse(line).url;
  break;
}
/** Processor time of `thaw serve` and the processes below it, as Linux counts it, in hundredths of a second. */
function engineSeconds() {
  const stats = readdirSync('/proc').flatMap((name) => {
    try {
      return /^\d+$/.test(name) ? [readFileSync(`/proc/${name}/stat`, 'utf8')] : [];
    } catch {
      // It has ended since.
      return [];
    }
  });
  const all = stats.map((stat) => {
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { pid: parseInt(stat), parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) };
  });
  const below = (pid) => all.filter((one) => one.parent === pid).flatMap((one) => [one, ...below(one.pid)]);
  return [...all.filter(({ pid }) => pid === child.pid), ...below(child.pid)].reduce(
    (sum, { ticks }) => sum + ticks / 100,
    0,
  );
}

/** The longest task of the page's main thread in a trace, by processor time, in milliseconds. */
function longestTask(trace) {
  const { traceEvents } = JSON.parse(trace.toString());
  const mains = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  return Math.max(
    0,
    ...traceEvents
      .filter(
        ({ name, ph, pid, tid }) => ph === 'X' && name.endsWith('RunTask') && mains.has(`${pid} ${tid}`),
      )
      .map(({ tdur = 0 }) => tdur / 1000),
  );
}

const executablePath = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((file) => existsSync(file));
const browser = await chromium.launch({ ...(executablePath && { executablePath }), args: ['--no-sandbox'] });
const rows = [];
const row = (name, value) => {
  rows.push([name, value]);
  console.error(`${name}: ${value}`);
};
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(url);
  const started = performance.now();
  await page.getByLabel('Path of a folder, zip or CSV on this machine').fill(images);
  await page.getByRole('button', { name: 'Open dataset' }).click();
  await page.locator('.tile img').first().waitFor({ timeout: 3_600_000 });
  row('opening: every file hashed and decoded', `${((performance.now() - started) / 1000).toFixed(1)} s`);

  const session = await page.context().newCDPSession(page);
  // The page's own processor time: what it would take on an idle machine, whatever else runs here.
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const metric = async (name) => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find((one) => one.name === name)?.value ?? 0;
  };
  const heap = async () => {
    await session.send('HeapProfiler.collectGarbage');
    return (await metric('JSHeapUsedSize')) / 2 ** 20;
  };
  await page.evaluate(() => {
    globalThis.watched = { frames: [], long: [], before: performance.now() };
    const next = (now) => {
      globalThis.watched.frames.push(now - globalThis.watched.before);
      globalThis.watched.before = now;
      globalThis.requestAnimationFrame(next);
    };
    globalThis.requestAnimationFrame(next);
    new PerformanceObserver((list) =>
      globalThis.watched.long.push(...list.getEntries().map((entry) => entry.duration)),
    ).observe({ entryTypes: ['longtask'] });
  });
  /** Frames, long tasks and the page's processor time during something. */
  const watch = async (name, work) => {
    await page.evaluate(() => Object.assign(globalThis.watched, { frames: [], long: [] }));
    await browser.startTracing(page, { categories: ['toplevel', '__metadata'] });
    const busy = await metric('TaskDuration');
    await work();
    const spent = 1000 * ((await metric('TaskDuration')) - busy);
    const { frames, long } = await page.evaluate(() => globalThis.watched);
    const longest = longestTask(await browser.stopTracing());
    const sorted = frames.slice(1).sort((a, b) => a - b);
    const at = (share) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(0);
    row(
      name,
      `frames ${at(0.5)} / ${at(0.95)} / ${at(1)} ms, ${(spent / frames.length).toFixed(1)} ms of the processor each; ${long.length} tasks over 50 ms, the longest ${longest.toFixed(0)} ms of the processor`,
    );
  };
  const scroll = (steps, how) =>
    page.evaluate(
      async ([count, kind]) => {
        const grid = globalThis.document.querySelector('.grid-scroller');
        grid.scrollTop = 0;
        for (let step = 0; step <= count; step += 1) {
          if (kind === 'wheel') grid.scrollTop += 60;
          else grid.scrollTop = ((grid.scrollHeight - grid.clientHeight) * step) / count;
          await new Promise((resolve) => globalThis.requestAnimationFrame(resolve));
        }
      },
      [steps, how],
    );
  const pictures = () => page.locator('.tile img').last().waitFor({ timeout: 120_000 });
  /** From an input until something is shown. */
  const answered = async (name, work, shown) => {
    const before = await page.evaluate(() => performance.now());
    const engineBefore = engineSeconds();
    await work();
    await shown();
    const waited = (await page.evaluate(() => performance.now())) - before;
    const engine = 1000 * (engineSeconds() - engineBefore);
    row(name, `${waited.toFixed(0)} ms, ${engine.toFixed(0)} ms of the processor in the engine`);
  };

  const heapBefore = await heap();
  await watch('scrolling 400 steps of 60 pixels', () => scroll(400, 'wheel'));
  await watch('dragged from end to end in 600 frames', () => scroll(600, 'drag'));
  await pictures();
  row('tiles in the page', String(await page.locator('.tile').count()));
  await page.locator('.grid-scroller').focus();
  await watch('jumping to the end and back, ten times', async () => {
    for (let time = 0; time < 10; time += 1) {
      await page.keyboard.press('End');
      await page.locator(`#image-${(await total()) - 1}`).waitFor();
      await page.keyboard.press('Home');
      await page.locator('#image-0').waitFor();
    }
  });
  row(
    'page’s memory, before and after all that',
    `${heapBefore.toFixed(0)}, ${(await heap()).toFixed(0)} MB`,
  );

  await answered(
    'only the validation side, until shown',
    () => page.getByLabel('Show images of').selectOption('validation'),
    () => page.locator('.tile .where.validation').first().waitFor(),
  );
  await page.getByLabel('Show images of').selectOption('');
  await answered(
    'findings: nearly the same, until shown',
    () => page.getByRole('button', { name: /^Nearly the same/ }).click(),
    () => page.locator('.found-images img').first().waitFor(),
  );
  await page.getByRole('button', { name: 'Back to all images' }).click();
  await page.locator('.tile img').first().waitFor();

  await page.locator('#image-0').click();
  await answered(
    'setting one image aside, until it is shown',
    () => page.keyboard.press('Delete'),
    () => page.getByRole('button', { name: 'Set aside 1', exact: true }).waitFor(),
  );
  await answered(
    'undoing it',
    () => page.getByRole('button', { name: /^Undo:/ }).click(),
    () => page.getByRole('button', { name: /^Set aside \d/ }).waitFor({ state: 'detached' }),
  );
  await page.waitForTimeout(1000);
  await page.locator('#image-0').click();
  await answered(
    'selecting all of them',
    () => page.keyboard.press('Control+a'),
    () => page.getByText(/^\d{2,3},\d{3} selected/).waitFor(),
  );
  await page.keyboard.press('Escape');
  await page.locator('#image-0').click();
  await page.keyboard.press('End');
  await page.locator(`#image-${(await total()) - 1}`).waitFor();
  await page.evaluate(() => {
    const grid = globalThis.document.querySelector('.grid-scroller');
    grid.scrollTop = grid.scrollHeight / 10;
  });
  await page.locator('.tile[id]').first().waitFor();
  await answered(
    'a range of a tenth of them',
    () =>
      page
        .locator('.tile[id]')
        .nth(20)
        .click({ modifiers: ['Shift'] }),
    () => page.getByText(/^\d{1,2},\d{3} selected/).waitFor(),
  );
  await watch('setting that tenth aside', async () => {
    await answered(
      'setting that tenth aside, until it is shown',
      () => page.getByRole('button', { name: 'Set aside', exact: true }).click(),
      () => page.getByRole('button', { name: /^Set aside \d{1,2},\d{3}$/ }).waitFor(),
    );
  });
  await answered(
    'undoing that',
    () => page.getByRole('button', { name: /^Undo:/ }).click(),
    () => page.getByRole('button', { name: /^Set aside \d/ }).waitFor({ state: 'detached' }),
  );
  row('page’s memory at the end', `${(await heap()).toFixed(0)} MB`);

  console.log(`| ${count} images | measured |\n| --- | --- |`);
  for (const [name, value] of rows) console.log(`| ${name} | ${value} |`);

  async function total() {
    return Number(await page.locator('.tile[aria-setsize]').first().getAttribute('aria-setsize'));
  }
} finally {
  await browser.close();
  child.kill('SIGINT');
  await new Promise((resolve) => child.once('exit', resolve));
  rmSync(home, { recursive: true, force: true });
}
