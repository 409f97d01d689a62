/**
 * `npm test`: from a fresh clone to tested. Installs and builds what is missing, checks the types, runs every test and
 * ends with one line, "N passed, N failed". `npm test -- FILTER` runs the test files whose path holds FILTER;
 * `npm run test:long` runs the long ones too.
 */
import { requireNode } from './steps/node-version.mjs';

requireNode();
const { guarded, wasStopped, StepFailure, inFront, quietly } = await import('./steps/run.mjs');
const { installed } = await import('./steps/install.mjs');
const { built, withNode } = await import('./steps/build.mjs');
const { chromium } = await import('./steps/chromium.mjs');
const { Tally } = await import('./test/tally.mjs');
const { runProject } = await import('./test/project.mjs');
const { inRoot } = await import('./steps/paths.mjs');

const args = process.argv.slice(2);
const long = args.includes('--long');
const filters = args.filter((arg) => arg !== '--long');
const PROJECTS = ['unit', 'across', 'browser', ...(long ? ['long'] : [])];

const tally = new Tally();
process.exitCode = await guarded(async () => {
  try {
    await everything();
  } catch (error) {
    tally.crashed(error);
  }
  tally.print({ filtered: filters.length > 0 });
  return tally.failed === 0 ? 0 : 1;
});

/** A step that fails counts as one failed check and ends the run where nothing after it makes sense. */
async function everything() {
  const node = await tally.step('install', () => installed());
  const browser = await tally.step('chromium', () => chromium());
  const env = { ...withNode(node), THICKET_CHROMIUM: browser, CI: process.env.CI ?? '' };
  await tally.check('types', () => quietly(node, [inRoot('node_modules/typescript/bin/tsc'), '-p', 'tsconfig.json', '--pretty', 'false'],
    { env, failure: 'The types do not check; the lines above say where.' }));
  await tally.check('build', () => built(node));
  for (const project of PROJECTS) {
    if (wasStopped()) throw new StepFailure('Stopped before the end.');
    await tally.tests(project, () => runProject(project, { node, env, filters, inFront }));
  }
}
