/**
 * A file goes up and comes down through a relay that is a process of its own, while the line is cut in the middle of a
 * chunk, the sender's program is killed with -9, and the relay too, each at a random byte. What comes down is what went up,
 * little of it travelled twice, and the relay never held more of it than a few chunks.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { MiB } from '#shared/limits.ts';
import { type Chance, chanceFrom, freshSeed } from '../harness/chance.ts';
import { CommandLine, type Ended } from '../harness/command-line.ts';
import { type CutLine, cutLine } from '../harness/cut-line.ts';
import { freePort, type SpawnedRelay, spawnRelay } from '../harness/relay.ts';
import { type Watched, watchResident } from '../harness/resident.ts';

/** Megabytes the relay's memory may grow while files go through it: chunks on their way, and what the collector has not looked at yet. */
const GROWTH_MB = 160;
/** What may travel twice for each cut: chunks under way, and what else the program asks when it starts again. */
const TWICE_FOR_A_CUT = 2 * MiB;
const CUTS = 3;

export interface Figures {
  readonly bytes: number;
  readonly upSeconds: number;
  readonly downSeconds: number;
  /** Megabytes: the relay's resident memory at the start of each of its runs, and the most it was. */
  readonly resident: readonly { readonly first: number; readonly most: number }[];
  readonly carriedUp: number;
  readonly carriedDown: number;
}

export async function largeFile(bytes: number): Promise<Figures> {
  const seed = Number(process.env['THICKET_SEED'] ?? freshSeed());
  console.log(`a file of ${bytes} bytes, seed ${seed}`);
  const folder = mkdtempSync(join(tmpdir(), 'thicket-large-file-'));
  const port = await freePort();
  const line = await cutLine(() => port);
  const relay = await spawnRelay({ port, publicUrl: line.origin });
  const alice = new CommandLine();
  const watched = watchResident(() => relay.pid);
  try {
    await alice.do('found', relay.foundingLink as string, '--name', 'Alice');
    await alice.do('room', 'create', 'Archive');
    const stage: Stage = { alice, relay, line, chance: chanceFrom(seed), folder, bytes };
    const digest = await writeRandom(join(folder, 'video.bin'), bytes);
    const up = await there(stage);
    const down = await back(stage, up.seq);
    expect(await digestOf(join(folder, 'saved.bin'))).toBe(digest);
    return figures(stage, watched, up.seconds, down);
  } finally {
    watched.stop();
    await relay.stop();
    await line.close();
    alice.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Stage {
  readonly alice: CommandLine;
  readonly relay: SpawnedRelay;
  readonly line: CutLine;
  readonly chance: Chance;
  readonly folder: string;
  readonly bytes: number;
}

async function there(stage: Stage): Promise<{ seq: string; seconds: number }> {
  const began = Date.now();
  const ended = await underFire(stage, 'up', ['send-file', 'Archive', join(stage.folder, 'video.bin')]);
  expect([ended.code, ended.stderr]).toEqual([0, '']);
  return { seq: String(ended.lines[0]?.['seq']), seconds: (Date.now() - began) / 1000 };
}

async function back(stage: Stage, seq: string): Promise<number> {
  const began = Date.now();
  const ended = await underFire(stage, 'down', ['save-file', 'Archive', seq, join(stage.folder, 'saved.bin')]);
  expect([ended.code, ended.stderr]).toEqual([0, '']);
  return (Date.now() - began) / 1000;
}

/** The command once more each time it was killed: a cut of the line, a kill of the program, a kill of the relay, in this order. */
async function underFire({ alice, relay, line, chance, bytes }: Stage, direction: 'up' | 'down', command: readonly string[]): Promise<Ended> {
  const start = line.carried[direction];
  const byteIn = (from: number, to: number) => start + Math.floor(bytes * (from + chance.next() * (to - from)));
  const reached = (byte: number, then: () => void = () => undefined) =>
    new Promise<void>((resolve) => line.cutAt(direction, byte, () => (then(), resolve())));

  let running = alice.start(command, { input: '' });
  await reached(byteIn(0.05, 0.3));
  await reached(byteIn(0.35, 0.6), () => running.child.kill('SIGKILL'));
  await running.ended;
  running = alice.start(command, { input: '' });
  let killed: Promise<unknown> | undefined;
  await reached(byteIn(0.65, 0.9), () => (killed = relay.kill()));
  await killed;
  await relay.restart();
  return running.ended;
}

function figures({ line, bytes }: Stage, watched: Watched, upSeconds: number, downSeconds: number): Figures {
  const resident = watched.runs.map((run) => ({ first: Math.round(run[0] ?? 0), most: Math.round(Math.max(...run)) }));
  for (const { first, most } of resident) expect(most - first, 'megabytes the relay grew by').toBeLessThan(GROWTH_MB);
  const { up: carriedUp, down: carriedDown } = line.carried;
  // Sealing, padding and HTTP add to it; twelve of a hundred at the very most.
  for (const carried of [carriedUp, carriedDown]) expect(carried, 'bytes that travelled').toBeLessThan(bytes * 1.13 + CUTS * TWICE_FOR_A_CUT);
  return { bytes, upSeconds, downSeconds, resident, carriedUp, carriedDown };
}

/** @returns SHA-256, hexadecimal */
async function writeRandom(path: string, bytes: number): Promise<string> {
  const hash = createHash('sha256');
  const stream = createWriteStream(path);
  for (let written = 0; written < bytes;) {
    const piece = randomBytes(Math.min(4 * MiB, bytes - written));
    hash.update(piece);
    written += piece.length;
    if (!stream.write(piece)) await new Promise<void>((drained) => void stream.once('drain', () => drained()));
  }
  await new Promise<void>((done) => void stream.end(() => done()));
  return hash.digest('hex');
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return hash.digest('hex');
}
