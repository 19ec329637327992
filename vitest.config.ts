import { defineConfig } from 'vitest/config';

/** Tests that run the compiled tool; they build it first. */
const built = ['test/cli/**/*.test.ts', 'test/packaging/**/*.test.ts'];

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    projects: [
      { extends: true, test: { name: 'source', include: ['test/**/*.test.ts'], exclude: built } },
      { extends: true, test: { name: 'built', include: built, testTimeout: 120_000, globalSetup: ['test/support/build.ts'], setupFiles: ['test/support/built.ts'] } },
    ],
  },
});
