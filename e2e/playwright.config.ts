import { defineConfig } from '@playwright/test';
import { chromium } from './browser/chromium.ts';

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  timeout: 120_000,
  expect: { timeout: 20_000 },
  workers: 1,
  reporter: [['list']],
  use: {
    ...(chromium() !== null && {
      launchOptions: { executablePath: chromium() ?? '', args: ['--no-sandbox'] },
    }),
    viewport: { width: 1280, height: 800 },
    screenshot: 'only-on-failure',
  },
});
