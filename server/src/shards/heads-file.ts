/**
 * A file outside the database and its backups that remembers how far the log was numbered, so that an older copy of the
 * database is known for one. It is written rarely and dated to the day, so that it tells no time.
 */
import { readSmallFile, writeSmallFile } from '../day-keys/small-file.ts';
import type { Heads } from './next-generation.ts';

const HEADS = 'heads';
const LINE = /^(\d{1,5}) (\d{1,16})$/;

export class HeadsFile {
  private readonly folder: string;

  /** @param folder made when it is first written to */
  constructor(folder: string) {
    this.folder = folder;
  }

  /** @returns undefined where there is none, or none that is whole. @throws the system's error when that cannot be told */
  async read(): Promise<Heads | undefined> {
    const lines = (await readSmallFile(this.folder, HEADS))?.trim().split('\n').map((line) => LINE.exec(line));
    if (lines === undefined || lines.some((line) => line === null)) return undefined;
    return new Map(lines.map((line) => [Number(line?.[1]), Number(line?.[2])]));
  }

  /** Whole or not at all. @param today days since 1970 @throws the system's error */
  async write(heads: Heads, today: number): Promise<void> {
    await writeSmallFile(this.folder, HEADS, [...heads].map(([shard, seq]) => `${shard} ${seq}\n`).join(''), today);
  }
}
