/** Runs the built relay in front and stays with it until it ends. */
import { readFileSync } from 'node:fs';
import { inRoot } from './paths.mjs';
import { inFront } from './run.mjs';

/** A crash leaves no memory on the disk. `exec`, so that signals reach the relay itself. */
const NO_CORE = 'ulimit -c 0; exec "$@"';

/** How often to look whether the npm that started us is still there. */
const NPM_MS = 1000;

/**
 * @param {string} node the Node binary to run it with
 * @param {readonly string[]} args
 * @returns {Promise<number>} its exit code
 */
export async function runRelay(node, args) {
  let watch;
  try {
    return await inFront('/bin/sh', ['-c', NO_CORE, 'thicket', node, inRoot('dist/server/src/main.js'), ...args], {
      started: (relay) => {
        watch = whenNpmIsGone(() => relay.kill('SIGTERM'));
      },
    });
  } finally {
    clearInterval(watch);
  }
}

/** An npm that is killed takes nothing with it; without this the relay would keep its port for nobody. */
function whenNpmIsGone(stop) {
  if (process.env.npm_lifecycle_event === undefined || process.platform !== 'linux') return undefined;
  const started = ancestors();
  return setInterval(() => {
    if (ancestors() !== started) stop();
  }, NPM_MS);
}

/** Our parent is npm or the shell it runs us by; then npm is that shell's parent. */
function ancestors() {
  const parent = process.ppid;
  const grandparent = /\) \S (\d+)/.exec(statusOf(parent))?.[1];
  return `${parent} ${grandparent}`;
}

function statusOf(process_) {
  try {
    return readFileSync(`/proc/${process_}/stat`, 'latin1');
  } catch {
    return '';
  }
}
