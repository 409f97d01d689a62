/** `npm run build`: builds what changed. `npm run build -- --fresh` builds everything. */
import { requireNode } from './steps/node-version.mjs';

requireNode();
const { guarded } = await import('./steps/run.mjs');
const { installed } = await import('./steps/install.mjs');
const { built } = await import('./steps/build.mjs');

process.exitCode = await guarded(async () => {
  const node = await installed();
  await built(node, { fresh: process.argv.includes('--fresh') });
  return 0;
});
