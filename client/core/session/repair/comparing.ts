/** What this device was shown, to be compared with another by a way that does not lead through the hub. */
import { base64url, fromBase64url } from '#shared/sodium.ts';
import { SessionFailure } from '../api.ts';
import type { Comparison } from '../api/repair.ts';
import type { Device } from '../device.ts';
import { sameBytes } from '../../domain/signing.ts';
import type { Mark } from './integrity.ts';

const PREFIX = 'thicket-log';
/** Of each hash: enough that nobody finds two logs that look alike. */
const SHOWN_BYTES = 16;
const LONGEST_LINE = 64 * 1024;
/** Beside those that are kept further apart. */
const LATEST = 16;

/** `thicket-log <shard>:<number>:<hash> …` */
export function standingLine({ integrity }: Device): string {
  const told = ([shard, marks]: readonly [number, readonly Mark[]]) => marks.map(({ seq, chain }) => `${shard}:${seq}:${base64url(chain.subarray(0, SHOWN_BYTES))}`);
  const latest = [...integrity.chains].map(([shard, chain]) => [shard, chain.latest(LATEST)] as const);
  return [PREFIX, ...[...integrity.marks, ...latest].flatMap(told)].join(' ');
}

/** @throws SessionFailure `bad-link` */
export function compareLine({ integrity }: Device, line: string): Comparison {
  const [prefix, ...parts] = line.trim().slice(0, LONGEST_LINE).split(/\s+/u);
  if (prefix !== PREFIX) throw new SessionFailure('bad-link');
  const alike: number[] = [];
  const different: number[] = [];
  for (const part of parts) {
    const [shard, seq, text = ''] = part.split(':');
    const theirs = fromBase64url(text);
    const ours = integrity.chains.get(Number(shard))?.at(Number(seq)) ?? integrity.marks.get(Number(shard))?.find((mark) => mark.seq === Number(seq))?.chain;
    if (ours === undefined || theirs?.length !== SHOWN_BYTES) continue;
    (sameBytes(ours.subarray(0, SHOWN_BYTES), theirs) ? alike : different).push(Number(seq));
  }
  return { alikeUpTo: alike.length === 0 ? undefined : Math.max(...alike), differsAt: different.length === 0 ? undefined : Math.min(...different) };
}
