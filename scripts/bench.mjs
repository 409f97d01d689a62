/**
 * `npm run bench`: measures Thicket beside its peers, in one run, and writes test/bench/RESULTS.md.
 * `npm run bench -- messages` (or rooms, fanout) measures one area; `--quick` measures roughly and writes nothing.
 * The peers are installed here alone, from test/bench/peers; nothing else needs them.
 */
import path from 'node:path';
import { requireNode } from './steps/node-version.mjs';

requireNode();
const { guarded, inFront, quietly } = await import('./steps/run.mjs');
const { installed } = await import('./steps/install.mjs');
const { built, withNode } = await import('./steps/build.mjs');
const { step } = await import('./steps/progress.mjs');
const { hashOf, stampSays, writeStamp } = await import('./steps/stamps.mjs');
const { inRoot } = await import('./steps/paths.mjs');

const PEERS = 'test/bench/peers';
const args = process.argv.slice(2);
const areas = args.filter((arg) => !arg.startsWith('--'));

process.exitCode = await guarded(async () => {
  const node = await installed();
  await peersInstalled();
  if (areas.length === 0 || ['fanout', 'appends', 'catch-up', 'search', 'open-room', 'browser'].some((area) => areas.includes(area))) await built(node, { only: 'relay' });
  if (areas.length === 0 || areas.includes('browser')) await built(node, { only: 'web client' });
  return inFront(node, ['--conditions=thicket-source', inRoot('test/bench/main.ts'), ...args], { env: withNode(node) });
});

/** None of them needs an install script: their binaries are in the packages. */
async function peersInstalled() {
  const stamp = path.join(inRoot(PEERS), 'node_modules/.thicket-installed');
  const wanted = hashOf([`${PEERS}/package-lock.json`]);
  if (stampSays(stamp, wanted)) return;
  await step('Installing the peers (once; 70 MB to fetch)', () =>
    quietly('npm', ['ci', '--prefix', PEERS, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=warn'], {
      failure: 'The peers could not be installed; the lines above say why. Nothing but the bench needs them.',
    }));
  writeStamp(stamp, wanted);
}
