/**
 * The network station with the largest network there is: EfficientNet-B7, every block open. Layout time in the worker,
 * long tasks of the page's thread, and frame times while the graph is dragged about.
 * Usage: node bench/renderer/network.mjs (after npm run build; Chromium is needed). Prints a row of network.md.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const data = mkdtempSync(path.join(os.tmpdir(), 'thaw-bench-'));
const server = spawn(
  process.execPath,
  [path.join(root, 'scripts/thaw.mjs'), 'serve', '--port', '0', '--json'],
  {
    env: { ...process.env, THAW_DATA: data },
    stdio: ['ignore', 'pipe', 'inherit'],
  },
);
const { url } = JSON.parse(await firstLine(server.stdout));
const browser = await chromium.launch({
  executablePath: process.env.THAW_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.addInitScript(() => {
    localStorage.setItem(
      'plan',
      JSON.stringify({ backbone: 'efficientnetb7', weightsHash: '', thawed: [], rates: [], l2sp: [] }),
    );
    globalThis.longTasks = [];
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) globalThis.longTasks.push(Math.round(duration));
    }).observe({ entryTypes: ['longtask'] });
  });
  await page.goto(url);
  await page.getByRole('navigation').getByRole('button', { name: 'Network' }).click();
  await page.locator('.graph[data-nodes]').waitFor({ timeout: 120_000 });
  await page.waitForTimeout(1000);
  await page.evaluate(() => (globalThis.longTasks = []));
  await page.getByRole('button', { name: 'Open all blocks' }).click();
  await page.waitForFunction(() => Number(globalThis.document.querySelector('.graph')?.dataset.nodes) > 800);
  await page.waitForTimeout(1500);
  const opened = await page.evaluate(() => ({
    layers: Number(globalThis.document.querySelector('.graph').dataset.nodes),
    layout: Number(globalThis.document.querySelector('.graph').dataset.layoutMs),
    longTasks: globalThis.longTasks,
  }));
  const far = await pan(page);
  await page.getByRole('button', { name: 'Top to bottom' }).click();
  await page.waitForTimeout(1500);
  const near = await pan(page);
  const tasks = ({ longTasks }) =>
    longTasks.length === 0 ? 'none' : `${longTasks.length}, longest ${Math.max(...longTasks)} ms`;
  const frames = ({ median, slow, worst, rendered }) =>
    `${median} ms median, ${slow} ms 95th, ${worst} ms worst, ${rendered} nodes`;
  console.log(
    `| ${opened.layers} | ${opened.layout} ms | ${tasks(opened)} | ${frames(far)} | ${tasks(far)} | ${frames(near)} | ${tasks(near)} |`,
  );
} finally {
  await browser.close();
  server.kill('SIGINT');
  rmSync(data, { recursive: true, force: true });
}

/** Drags the graph for two seconds, and counts the time between frames. */
async function pan(page) {
  await page.evaluate(() => {
    globalThis.longTasks = [];
    globalThis.frames = [];
    let last = performance.now();
    const next = (now) => {
      globalThis.frames.push(now - last);
      last = now;
      globalThis.counting = globalThis.requestAnimationFrame(next);
    };
    globalThis.counting = globalThis.requestAnimationFrame(next);
  });
  const { x, y, width, height } = await page.locator('.graph').boundingBox();
  await page.mouse.move(x + width - 20, y + height / 2);
  await page.mouse.down();
  for (let step = 0; step < 60; step += 1) {
    await page.mouse.move(x + width - 20 - 8 * (step % 30), y + height / 2 - 7 * (step % 40));
    await page.waitForTimeout(16);
  }
  await page.mouse.up();
  return page.evaluate(() => {
    globalThis.cancelAnimationFrame(globalThis.counting);
    const sorted = globalThis.frames.slice(1).sort((one, other) => one - other);
    const at = (share) => Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0);
    const rendered = globalThis.document.querySelectorAll('.node').length;
    return { median: at(0.5), slow: at(0.95), worst: at(1), rendered, longTasks: globalThis.longTasks };
  });
}

async function firstLine(stream) {
  for await (const line of createInterface({ input: stream })) return line;
  throw new Error('thaw serve ended without an address');
}
