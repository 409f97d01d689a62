/**
 * A file outside the database and its backups that remembers how far the log was numbered, so that an older copy of the
 * database is known for one. It is written rarely and dated to the day, so that it tells no time.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Heads } from './next-generation.ts';

const NAME = 'heads';
const LINE = /^(\d{1,5}) (\d{1,16})$/;
const DAY_SECONDS = 86_400;

export class HeadsFile {
  private readonly folder: string;

  /** @param folder made when it is first written to */
  constructor(folder: string) {
    this.folder = folder;
  }

  /** @returns undefined where there is none, or none that is whole. @throws the system's error when that cannot be told */
  async read(): Promise<Heads | undefined> {
    const text = await readFile(join(this.folder, NAME), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    const lines = text?.trim().split('\n').map((line) => LINE.exec(line));
    if (lines === undefined || lines.some((line) => line === null)) return undefined;
    return new Map(lines.map((line) => [Number(line?.[1]), Number(line?.[2])]));
  }

  /** Whole or not at all. @param today days since 1970 @throws the system's error */
  async write(heads: Heads, today: number): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    // Two containers may both be process 1.
    const draft = join(this.folder, `${NAME}.${randomBytes(8).toString('hex')}.new`);
    const file = await open(draft, 'w', 0o600);
    try {
      await file.writeFile([...heads].map(([shard, seq]) => `${shard} ${seq}\n`).join(''));
      await file.sync();
    } finally {
      await file.close();
    }
    await utimes(draft, today * DAY_SECONDS, today * DAY_SECONDS);
    await rename(draft, join(this.folder, NAME));
  }
}
