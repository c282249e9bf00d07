import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['renderer/**/*.test.ts', 'shared/**/*.test.ts', 'main/**/*.test.ts', 'scripts/**/*.test.ts'],
    globalSetup: ['main/engine/testing/globalSetup.ts'],
    testTimeout: 120_000,
    hookTimeout: 300_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
