/** Runs other programs: quietly, so that their output shows only when they fail, or in front. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { ROOT } from './paths.mjs';

const TAIL_LINES = 40;
const KEPT_CHARACTERS = 200_000;

/** A failure that has been thought of: `message` is a sentence for people, `tail` the end of what the program said. */
export class StepFailure extends Error {
  constructor(message, tail = '') {
    super(message);
    this.name = 'StepFailure';
    this.tail = tail;
  }
}

const running = new Set();
let stoppedBy;

/** True once a signal asked us to end. */
export const wasStopped = () => stoppedBy !== undefined;

/**
 * Runs the whole of a script. Signals reach the programs it started, and a StepFailure becomes plain words.
 * @param {() => Promise<number>} main
 * @returns {Promise<number>} the exit code
 */
export async function guarded(main) {
  const stop = (signal) => {
    stoppedBy = signal;
    if (running.size === 0) process.exit(128 + constants.signals[signal]);
    // Ctrl+C reaches the programs by itself: a terminal signals everything in front.
    if (signal === 'SIGINT' && process.stdin.isTTY) return;
    for (const child of running) child.kill(signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, stop);
  try {
    return await main();
  } catch (error) {
    if (stoppedBy !== undefined) {
      console.error('Stopped. The next start repairs what was left half done.');
      return 128 + constants.signals[stoppedBy];
    }
    if (!(error instanceof StepFailure)) throw error;
    if (error.tail) console.error(`\n${error.tail}\n`);
    console.error(error.message);
    return 1;
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
}

/**
 * Runs a program and keeps its output to itself.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, failure: string, started?: (child: import('node:child_process').ChildProcess) => void }} options
 *   `failure` is said when the exit code is not 0
 * @returns {Promise<string>} what it wrote
 */
export async function quietly(command, args, { env = process.env, failure, started = () => {} }) {
  let said = '';
  const code = await new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    started(child);
    const keep = (chunk) => {
      said = (said + chunk).slice(-KEPT_CHARACTERS);
    };
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    child.on('error', (cause) => {
      running.delete(child);
      reject(new StepFailure(`${failure} (${command} could not be run: ${cause.code ?? cause.message})`));
    });
    child.on('close', (exit, signal) => {
      running.delete(child);
      resolve(exit ?? 128 + constants.signals[signal]);
    });
  });
  if (code !== 0) throw new StepFailure(failure, tailOf(said));
  return said;
}

/**
 * Runs a program in front: it reads and writes where we do.
 * @param {(child: import('node:child_process').ChildProcess) => void} [started]
 * @returns {Promise<number>} its exit code
 */
export function inFront(command, args, { env = process.env, started = () => {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, env, stdio: 'inherit' });
    running.add(child);
    started(child);
    child.on('error', reject);
    child.on('close', (exit, signal) => {
      running.delete(child);
      resolve(exit ?? 128 + constants.signals[signal]);
    });
  });
}

const tailOf = (text) => text.trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
