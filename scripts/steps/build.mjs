/** Builds the relay, the command line and the web client: each only when something it is made from has changed. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { CACHE, inRoot, MODULES } from './paths.mjs';
import { step } from './progress.mjs';
import { quietly } from './run.mjs';
import { clearStamp, hashOf, stampSays, writeStamp } from './stamps.mjs';

const COMMON = ['package.json', 'package-lock.json', 'patches', 'tsconfig.base.json', 'shared'];

/** `script` is the npm script that builds it; `makes` is a file that is there afterwards. */
const TARGETS = [
  { name: 'relay', script: 'build:server', makes: 'dist/server/src/main.js', from: [...COMMON, 'tsconfig.server.json', 'server'] },
  { name: 'command line', script: 'build:cli', makes: 'dist/client/cli/main.js', from: [...COMMON, 'tsconfig.cli.json', 'client/core', 'client/cli'] },
  { name: 'web client', script: 'build:web', makes: 'dist/web/index.html', from: [...COMMON, 'tsconfig.json', 'client/core', 'client/web'] },
];

const isSource = (file) => !/\.(test|long)\.tsx?$/.test(file);

/**
 * @param {string} node the Node to build with
 * @param {{ fresh?: boolean, only?: string }} [options] `only` is the name of the one target that is needed
 */
export async function built(node, { fresh = false, only } = {}) {
  for (const target of TARGETS.filter(({ name }) => only === undefined || name === only)) {
    const stamp = path.join(CACHE, `built-${target.script.replace(':', '-')}`);
    const wanted = hashOf(target.from, isSource);
    if (!fresh && stampSays(stamp, wanted) && existsSync(inRoot(target.makes))) continue;
    clearStamp(stamp);
    await step(`Building the ${target.name}`, () =>
      quietly('npm', ['run', '--silent', target.script], {
        env: withNode(node),
        failure: `The ${target.name} could not be built; the lines above say why.`,
      }));
    writeStamp(stamp, wanted);
  }
}

/** The environment in which `node` and the packages' programs come first. */
export function withNode(node) {
  const path_ = [path.join(MODULES, '.bin'), path.dirname(node), process.env.PATH].join(path.delimiter);
  return { ...process.env, PATH: path_ };
}
