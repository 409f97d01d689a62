/**
 * `npm start`: from a fresh clone to a running relay. Installs and builds what is missing or out of date, then runs the
 * relay and stays in front of it. Plain JavaScript without packages, because at first there are none.
 */
import { requireNode } from './steps/node-version.mjs';

requireNode();
const { guarded } = await import('./steps/run.mjs');
const { installed } = await import('./steps/install.mjs');
const { built } = await import('./steps/build.mjs');
const { runRelay } = await import('./steps/relay.mjs');

process.exitCode = await guarded(async () => {
  const node = await installed();
  await built(node);
  return await runRelay(node, process.argv.slice(2));
});
