/** What a message may say of a file, and how its name is shown. */
import { LIMITS } from '#shared/limits.ts';
import type { File, Preview, Sound } from '../content/gen/thicket/content/v1/content_pb.ts';

export interface FileFacts {
  readonly name: string;
  /** Such as image/png, by the sender's account; empty where they gave none. */
  readonly type: string;
  /** Bytes. */
  readonly size: number;
  /** Of an image or a video. Its image begins as WebP or JPEG does; what follows is the sender's. */
  readonly preview: PreviewFacts | undefined;
  readonly sound: SoundFacts | undefined;
  /** Alike in files that were sent together. */
  readonly album: Uint8Array | undefined;
}
export interface PreviewFacts {
  readonly image: Uint8Array;
  /** Pixels of the whole. */
  readonly width: number;
  readonly height: number;
  /** Of a video; 0 for an image. */
  readonly durationMs: number;
}
export interface SoundFacts {
  readonly durationMs: number;
  readonly waveform: readonly number[];
}

const LONGEST_NAME = 200;
export const LONGEST_CAPTION = 2_000;
/** Bytes of the image in a preview. */
export const MOST_PREVIEW = 10 * 1024;
export const MOST_WAVEFORM = 64;
const MOST_PIXELS = 65_535;
const LONGEST_MS = 24 * 60 * 60_000;
const ALBUM_BYTES = 16;
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

/** What is said with a file, no longer than it may be. */
export function cleanCaption(raw: string): string {
  const caption = raw.trim();
  return caption.length <= LONGEST_CAPTION ? caption : [...caption.slice(0, LONGEST_CAPTION)].filter((letter) => !/^[\ud800-\udfff]$/.test(letter)).join('');
}

/** @returns undefined for what no honest device would send. Of a preview, a sound or an album like that, only that is left out. */
export function fileFacts(file: File): FileFacts | undefined {
  const size = Number(file.size);
  if (file.blob.length !== 32 || file.key.length !== 32 || file.digest.length !== 32 || size > LIMITS.blob) return undefined;
  return {
    name: cleanFileName(file.name), type: cleanFileType(file.type), size,
    preview: previewFacts(file.preview), sound: soundFacts(file.sound), album: file.album.length === ALBUM_BYTES ? file.album : undefined,
  };
}

function previewFacts(preview: Preview | undefined): PreviewFacts | undefined {
  if (preview === undefined) return undefined;
  const { image, width, height, durationMs } = preview;
  const isSide = (pixels: number) => pixels >= 1 && pixels <= MOST_PIXELS;
  if (image.length > MOST_PREVIEW || !isWebpOrJpeg(image) || !isSide(width) || !isSide(height) || durationMs > LONGEST_MS) return undefined;
  return { image, width, height, durationMs };
}

function soundFacts(sound: Sound | undefined): SoundFacts | undefined {
  if (sound === undefined || sound.durationMs < 1 || sound.durationMs > LONGEST_MS || sound.waveform.length > MOST_WAVEFORM) return undefined;
  return { durationMs: sound.durationMs, waveform: [...sound.waveform] };
}

const startsWith = (bytes: Uint8Array, text: string, at = 0): boolean => [...text].every((letter, index) => bytes[at + index] === letter.charCodeAt(0));
const isWebpOrJpeg = (bytes: Uint8Array): boolean =>
  startsWith(bytes, '\xff\xd8\xff') || (startsWith(bytes, 'RIFF') && startsWith(bytes, 'WEBP', 8));
