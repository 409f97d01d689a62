/** What a message may say of a file, and how its name is shown. */
import { LIMITS } from '#shared/limits.ts';
import type { File } from '../content/gen/thicket/content/v1/content_pb.ts';

export interface FileFacts {
  readonly name: string;
  /** Such as image/png, by the sender's account; empty where they gave none. */
  readonly type: string;
  /** Bytes. */
  readonly size: number;
}

const LONGEST_NAME = 200;
/** RFC 2045: type "/" subtype, of tokens. */
const MEDIA_TYPE = /^[a-z0-9!#$&^_.+-]{1,63}\/[a-z0-9!#$&^_.+-]{1,63}$/;
// Controls, what turns or overrides the direction of the text around it, what separates folders or means something to a shell or system.
const UNWELCOME = /[\p{Cc}\u200b-\u200f\u2028\u2029\u061c\u202a-\u202e\u2066-\u2069\ufeff<>:"|?*]/gu;

/** A file's name alone: one line, no path, nothing that disguises its ending, never empty. */
export function cleanFileName(raw: string): string {
  const last = raw.normalize('NFC').split(/[/\\]/u).at(-1) ?? '';
  const name = last.replace(/\s+/gu, ' ').replace(UNWELCOME, '').replace(/^[\s.]+|[\s.]+$/gu, '');
  return shorten(name) || 'file';
}

/** The ending says what the system makes of it, so it stays. */
function shorten(name: string): string {
  const letters = [...name];
  if (letters.length <= LONGEST_NAME) return name;
  const ending = /\.[^.]{1,16}$/u.exec(name)?.[0] ?? '';
  return letters.slice(0, LONGEST_NAME - [...ending].length).join('') + ending;
}

/** A media type, or nothing. */
export function cleanFileType(raw: string): string {
  const type = raw.toLowerCase().split(';')[0]?.trim() ?? '';
  return MEDIA_TYPE.test(type) ? type : '';
}

/** @returns undefined for what no honest device would send */
export function fileFacts(file: File): FileFacts | undefined {
  const size = Number(file.size);
  if (file.blob.length !== 32 || file.key.length !== 32 || file.digest.length !== 32 || size > LIMITS.blob) return undefined;
  return { name: cleanFileName(file.name), type: cleanFileType(file.type), size };
}
