/** A file as people are shown it. */
import { hex } from '#shared/sodium.ts';
import { RETENTION_DAYS } from '#shared/limits.ts';
import type { File } from '../content/gen/thicket/content/v1/content_pb.ts';
import { fileFacts } from '../domain/files.ts';
import type { SharedFile } from './api.ts';

const DAY_MS = 86_400_000;

/**
 * @param at when it was sent, milliseconds since 1970; undefined where it was sent elsewhere before
 * @returns undefined for what no honest device would send
 */
export function sharedFile(file: File | undefined, at: number | undefined): SharedFile | undefined {
  const facts = file && fileFacts(file);
  if (facts === undefined) return undefined;
  const { name, type, size, preview, sound, album } = facts;
  return {
    name, type, size, ...(preview && { preview }), ...(sound && { sound }), ...(album && { album: hex(album) }),
    ...(at !== undefined && { until: (Math.floor(at / DAY_MS) + RETENTION_DAYS.post + 1) * DAY_MS }),
  };
}
