import { defineConfig } from '@playwright/test';
import { chromium } from './browser/support/chromium.ts';

/** A moving test picture, and nobody asked whether it may be seen. */
const fakeCamera = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  timeout: 120_000,
  expect: { timeout: 20_000 },
  workers: 1,
  reporter: [['list']],
  use: {
    ...(chromium() !== null && {
      launchOptions: { executablePath: chromium() ?? '', args: ['--no-sandbox', ...fakeCamera] },
    }),
    viewport: { width: 1280, height: 800 },
    screenshot: 'only-on-failure',
  },
});
