/** Runs the built relay in front and stays with it until it ends. */
import { inRoot } from './paths.mjs';
import { inFront } from './run.mjs';

/** How often to look whether the npm that started us is still there. */
const PARENT_MS = 1000;

/**
 * @param {string} node the Node binary to run it with
 * @param {readonly string[]} args
 * @returns {Promise<number>} its exit code
 */
export async function runRelay(node, args) {
  let watch;
  try {
    return await inFront(node, [inRoot('dist/server/src/main.js'), ...args], {
      started: (relay) => {
        watch = withParent(() => relay.kill('SIGTERM'));
      },
    });
  } finally {
    clearInterval(watch);
  }
}

/** An npm that is killed takes nothing with it; without this the relay would keep its port for nobody. */
function withParent(gone) {
  if (process.env.npm_lifecycle_event === undefined) return undefined;
  const parent = process.ppid;
  return setInterval(() => {
    if (process.ppid !== parent) gone();
  }, PARENT_MS);
}
