/**
 * The data station with 100,000 images in a real browser: how long looking at them takes, and how smoothly the grid
 * scrolls from end to end. Prints a table; run it with nothing else busy: node bench/renderer/data.mjs [IMAGES]
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import sharp from 'sharp';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const count = Number(process.argv[2] ?? 100_000);
const classes = 10;
const variants = 200;

/** Images of a few kinds, each file linked to one of them: exact duplicates would hide, so each has bytes of its own. */
async function makeImages(folder) {
  const kinds = [];
  for (let kind = 0; kind < variants; kind += 1) {
    const pixels = Buffer.from(Array.from({ length: 48 * 48 * 3 }, (_, at) => (at * (kind + 7)) % 251));
    kinds.push(
      await sharp(pixels, { raw: { width: 48, height: 48, channels: 3 } })
        .jpeg({ quality: 60 })
        .toBuffer(),
    );
  }
  for (let name = 0; name < classes; name += 1)
    await mkdir(path.join(folder, `class-${name}`), { recursive: true });
  for (let image = 0; image < count; image += 1) {
    // Bytes behind the end of a JPEG change its hash and nothing else.
    const bytes = Buffer.concat([kinds[image % variants], Buffer.from(String(image))]);
    await writeFile(
      path.join(folder, `class-${image % classes}`, `${String(image).padStart(6, '0')}.jpg`),
      bytes,
    );
  }
}

const home = mkdtempSync(path.join(tmpdir(), 'thaw-bench-data-'));
const images = path.join(home, 'images');
console.error(`Making ${count} images…`);
await makeImages(images);
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
const executablePath = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((file) => existsSync(file));
const browser = await chromium.launch({ ...(executablePath && { executablePath }), args: ['--no-sandbox'] });
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(url);
  const started = performance.now();
  await page.getByLabel('Path of a folder, zip or CSV on this machine').fill(images);
  await page.getByRole('button', { name: 'Open dataset' }).click();
  await page.locator('.tile img').first().waitFor({ timeout: 3_600_000 });
  const scan = (performance.now() - started) / 1000;

  // The page's own processor time: what it would take on an idle machine, whatever else runs here.
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const busySeconds = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0;
  };
  const busyBefore = await busySeconds();
  const scroll = await page.evaluate(async () => {
    const grid = globalThis.document.querySelector('.grid-scroller');
    const long = [];
    const observer = new PerformanceObserver((list) =>
      long.push(...list.getEntries().map((entry) => entry.duration)),
    );
    observer.observe({ entryTypes: ['longtask'] });
    const frames = [];
    const steps = 600;
    let before = performance.now();
    for (let step = 0; step <= steps; step += 1) {
      // Steady at first, then leaps to the end, as a dragged scrollbar does.
      if (step < 400) grid.scrollTop += 60;
      else grid.scrollTop = (grid.scrollHeight * (step - 400)) / 200;
      await new Promise((resolve) => globalThis.requestAnimationFrame(resolve));
      const now = performance.now();
      frames.push(now - before);
      before = now;
    }
    observer.disconnect();
    frames.sort((a, b) => a - b);
    const at = (share) => frames[Math.floor(frames.length * share)];
    return {
      median: at(0.5),
      p95: at(0.95),
      worst: frames.at(-1),
      frames: frames.length,
      long,
      tiles: globalThis.document.querySelectorAll('.tile').length,
    };
  });
  const busyMs = (1000 * ((await busySeconds()) - busyBefore)) / scroll.frames;
  await page.locator('.tile img').last().waitFor({ timeout: 120_000 });

  const decided = await page.evaluate(() => performance.now());
  await page.locator('.tile').first().click();
  await page.keyboard.press('Delete');
  await page.getByRole('button', { name: 'Set aside 1' }).waitFor();
  const decision = (await page.evaluate(() => performance.now())) - decided;

  const row = (name, value) => console.log(`| ${name.padEnd(44)} | ${value.padStart(12)} |`);
  console.log(`| ${`${count} images`.padEnd(44)} | ${'measured'.padStart(12)} |`);
  console.log(`| ${'-'.repeat(44)} | ${'-'.repeat(12)} |`);
  row('opening: every file hashed and decoded', `${scan.toFixed(1)} s`);
  row('page’s processor time a frame, mean', `${busyMs.toFixed(1)} ms`);
  row('frame while scrolling, median', `${scroll.median.toFixed(1)} ms`);
  row('frame while scrolling, 95 %', `${scroll.p95.toFixed(1)} ms`);
  row('frame while scrolling, worst', `${scroll.worst.toFixed(1)} ms`);
  row('long tasks (over 50 ms)', `${scroll.long.length}`);
  row('longest task', `${Math.max(0, ...scroll.long).toFixed(0)} ms`);
  row('tiles in the page', `${scroll.tiles}`);
  row('setting one image aside, until it is shown', `${decision.toFixed(0)} ms`);
} finally {
  await browser.close();
  child.kill('SIGINT');
  await new Promise((resolve) => child.once('exit', resolve));
  rmSync(home, { recursive: true, force: true });
}
