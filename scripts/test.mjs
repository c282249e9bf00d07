/**
 * `npm test`: lint, type-check, build, set up the judges, run the tests. Ends in one line `N passed, N failed`.
 * THAW_REQUIRE=1 turns what cannot be had from a skip into a failure.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureJudgeVenv } from './judges/venv.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const required = process.env.THAW_REQUIRE === '1';
const totals = { passed: 0, failed: 0, skipped: 0 };

function step(name, script, args) {
  console.log(`\n— ${name}`);
  const { status } = spawnSync(process.execPath, [path.join(root, script), ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  const good = status === 0;
  totals[good ? 'passed' : 'failed'] += 1;
  if (!good) console.log(`${name}: failed`);
  return good;
}

step('lint', 'node_modules/eslint/bin/eslint.js', ['.']);
step('formatting', 'node_modules/prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.']);
for (const project of ['.', 'renderer', 'preload', 'e2e'])
  step(`types: ${project}`, 'node_modules/typescript/bin/tsc', ['--noEmit', '-p', project]);
step('build', 'scripts/build.mjs', []);

console.log('\n— judges (Keras, scikit-learn, ONNX and Pillow, for checking numbers)');
const missing = await ensureJudgeVenv();
if (missing !== null) {
  console.log(`The Python judges could not be had: ${missing}`);
  if (required) totals.failed += 1;
}

// What tests write beside the checkout goes with this folder, also when they are interrupted.
const place = mkdtempSync(path.join(os.tmpdir(), 'thaw-test-'));
process.on('exit', () => rmSync(place, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
// The judges' ONNX Runtime would report that it was used; Thaw's own is held to that by a test.
const env = { ...process.env, TMPDIR: place, TMP: place, TEMP: place, ORT_DISABLE_TELEMETRY: '1' };

console.log('\n— tests');
const report = path.join(place, 'report.json');
const vitest = spawnSync(
  process.execPath,
  [
    path.join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ],
  { cwd: root, stdio: 'inherit', env },
);
const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(
  readFileSync(report, 'utf8'),
);
totals.passed += numPassedTests;
totals.failed += numFailedTests;
totals.skipped += numPendingTests;
for (const file of testResults)
  for (const test of file.assertionResults)
    if (test.status !== 'passed' && test.status !== 'failed') console.log(`skipped: ${test.fullName}`);
if (vitest.status !== 0 && numFailedTests === 0) totals.failed += 1;

console.log('\n— the studio in a browser and in a window');
const playwright = spawnSync(
  process.execPath,
  [path.join(root, 'node_modules/@playwright/test/cli.js'), 'test', '-c', 'e2e/playwright.config.ts'],
  { cwd: root, encoding: 'utf8', env },
);
console.log(playwright.stdout.trim(), playwright.stderr.trim());
if (/Executable doesn't exist/.test(playwright.stdout)) {
  console.log('No Chromium was found: the studio was not tested (on Debian: apt-get install chromium).');
  totals[required ? 'failed' : 'skipped'] += 1;
} else {
  const count = (word) => Number(new RegExp(`(\\d+) ${word}`).exec(playwright.stdout)?.[1] ?? 0);
  totals.passed += count('passed');
  totals.failed += count('failed');
  totals.skipped += count('skipped');
  if (playwright.status !== 0 && count('failed') === 0) totals.failed += 1;
}

const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : '';
console.log(`\n${totals.passed} passed, ${totals.failed} failed${skipped}`);
process.exitCode = totals.failed > 0 ? 1 : 0;
