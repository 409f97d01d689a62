import { defineConfig } from 'vitest/config';

const conditions = ['thicket-source', 'module', 'node', 'development|production'];
const common = {
  resolve: { conditions },
  ssr: { resolve: { conditions } },
};
/** Files that run one after another share what they import, and the one PostgreSQL of their process: each alone would start its own. */
const together = { isolate: false };

export default defineConfig({
  test: {
    projects: [
      {
        ...common,
        test: {
          name: 'unit',
          ...together,
          include: ['shared/**/*.test.ts', 'server/**/*.test.ts', 'client/**/*.test.{ts,tsx}'],
          maxWorkers: 4,
          testTimeout: 20_000,
        },
      },
      {
        ...common,
        test: {
          name: 'across',
          ...together,
          include: ['test/{scenarios,adversary,conformance,stores,architecture,seizure}/**/*.test.ts'],
          // These wait for sockets and disks more than they compute: more files at once than cores keep both cores busy.
          maxWorkers: 4,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        ...common,
        test: {
          name: 'browser',
          ...together,
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/harness/quick-web.ts'],
          // They wait for pauses by chance and for screens more than they compute.
          maxWorkers: 2,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        ...common,
        test: {
          name: 'long',
          include: ['test/**/*.long.ts'],
          testTimeout: 3_600_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
