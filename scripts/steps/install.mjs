/**
 * Installs the packages: exactly what package-lock.json says, with the project's own patches, and a Node 24 to run the
 * relay. Does nothing when that is there already.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { CACHE, MODULES, ROOT, inRoot } from './paths.mjs';
import { step } from './progress.mjs';
import { StepFailure, quietly } from './run.mjs';
import { clearStamp, hashOf, stampSays, writeStamp } from './stamps.mjs';
import { RELAY_NODE } from './node-version.mjs';

/** Inside node_modules, so that whoever deletes or reinstalls the packages deletes it too. */
const STAMP = path.join(MODULES, '.thicket-installed');
/** There while an install of ours runs, with the ids of its processes. Found later, it tells of one that was cut short. */
const UNDER_WAY = path.join(CACHE, 'installing');
const WAIT_MS = 500;

/** @returns {Promise<string>} path of the Node binary to run everything else with */
export async function installed() {
  if (othersAtWork()) await step('Waiting for an install that is under way here', othersDone);
  const wanted = `${process.platform} ${process.arch} ${hashOf(['package-lock.json', 'patches'])}`;
  const cutShort = existsSync(UNDER_WAY);
  if (!cutShort && stampSays(STAMP, wanted)) {
    const node = relayNode();
    if (node !== undefined) return node;
  }
  clearStamp(STAMP);
  writeStamp(UNDER_WAY, `${process.pid}`);
  if (cutShort || !asLocked()) await install();
  await patch();
  const node = relayNode() ?? (await fetchRelayNode());
  writeStamp(STAMP, wanted);
  clearStamp(UNDER_WAY);
  return node;
}

async function install() {
  await step('Installing packages (once; a few minutes on a slow line)', () =>
    quietly('npm', ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'], {
      env: plainEnvironment(),
      // An npm outlives us if we are killed, and two of them would fight over node_modules.
      started: (npm) => writeStamp(UNDER_WAY, `${process.pid} ${npm.pid}`),
      failure: 'The packages could not be installed. If the lines above speak of the network, check it and start again; '
        + 'if they speak of permissions, check who owns this folder.',
    }));
}

/** True while a process of another start is installing. */
function othersAtWork() {
  if (!existsSync(UNDER_WAY)) return false;
  return readFileSync(UNDER_WAY, 'utf8').split(' ').map(Number).some((id) => id > 0 && id !== process.pid && isInstaller(id));
}

async function othersDone() {
  while (othersAtWork()) await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
}

/** False where the id has passed on to some other program. */
function isInstaller(id) {
  try {
    process.kill(id, 0);
    return process.platform !== 'linux' || /npm|scripts\//.test(readFileSync(`/proc/${id}/cmdline`, 'latin1'));
  } catch {
    return false;
  }
}

/** True if somebody installed just what package-lock.json says by hand (npm keeps its own record of what is there). */
function asLocked() {
  try {
    const there = JSON.parse(readFileSync(path.join(MODULES, '.package-lock.json'), 'utf8')).packages;
    const locked = JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8')).packages;
    const same = (name) => there[name]?.version === locked[name]?.version && there[name]?.integrity === locked[name]?.integrity;
    return Object.keys(there).every(same)
      && Object.keys(locked).every((name) => name === '' || locked[name].optional === true || same(name));
  } catch {
    return false;
  }
}

/** The patches in patches/; the same as package.json's postinstall, which does not run where install scripts are off. */
async function patch() {
  if (!existsSync(inRoot('patches'))) return;
  await quietly(process.execPath, [path.join(MODULES, 'patch-package/index.js'), '--error-on-fail'], {
    env: plainEnvironment(),
    failure: 'The project\'s patches to its packages could not be applied. Delete node_modules and start again.',
  });
}

/** @returns {string | undefined} a Node the relay can run on */
function relayNode() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const prefix = process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
  const own = `${prefix}-${platform}-${process.arch}/bin/node`;
  const candidates = [`node/bin/node`, `node/node_modules/${own}`, own].map((place) => path.join(MODULES, place));
  return [...candidates, process.execPath].find(runsRelay);
}

function runsRelay(binary) {
  if (!existsSync(binary)) return false;
  const asked = spawnSync(binary, ['--version'], { encoding: 'utf8', timeout: 20_000 });
  return asked.status === 0 && Number(/^v(\d+)\./.exec(asked.stdout)?.[1]) >= RELAY_NODE;
}

/** Where install scripts are off, the `node` package has not fetched its binary yet; do it for it. */
async function fetchRelayNode() {
  const advice = `The relay needs Node ${RELAY_NODE}, and the "node" package could not fetch it for ${process.platform}-${process.arch}. `
    + `Install Node ${RELAY_NODE} yourself (https://nodejs.org/) and start again.`;
  const { version } = JSON.parse(readFileSync(path.join(MODULES, 'node/package.json'), 'utf8'));
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const prefix = process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
  await step(`Fetching Node ${RELAY_NODE}`, () =>
    quietly('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--prefix', path.join(MODULES, 'node'),
      `${prefix}-${platform}-${process.arch}@${version}`], { env: plainEnvironment(), failure: advice }));
  const node = relayNode();
  if (node === undefined) throw new StepFailure(advice);
  // Where the package's own script would have put it: npx and bin/thicket look there.
  const usual = path.join(MODULES, 'node/bin/node');
  mkdirSync(path.dirname(usual), { recursive: true });
  rmSync(usual, { force: true });
  symlinkSync(node, usual);
  return usual;
}

/**
 * The environment without what npm puts there for scripts: the install replaces node_modules, so it must not be run by
 * the Node in it, and NODE_ENV=production would leave out what the build needs.
 */
function plainEnvironment() {
  const env = { ...process.env };
  delete env.NODE_ENV;
  const key = Object.keys(env).find((name) => name.toLowerCase() === 'path') ?? 'PATH';
  env[key] = (env[key] ?? '').split(path.delimiter).filter((folder) => !folder.startsWith(ROOT + path.sep)).join(path.delimiter);
  return env;
}
