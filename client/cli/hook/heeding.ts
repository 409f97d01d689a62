/** What a knock at the hook asks for, judged before anything is done with it. Pure. */
import type { AnnouncementText } from '#core/session/api.ts';
import { fieldsIn, jsonIn, oneOf, textIn } from '../boards/strict.ts';
import { PRIORITIES } from '../boards/text-files.ts';

export const MOST_BYTES = 64 * 1024;

/** @throws CliFailure `usage` for anything but {title, body?, language?, priority?} */
export function announcementIn(bytes: Uint8Array): AnnouncementText {
  const fields = fieldsIn(jsonIn(asText(bytes), 'The request'), 'The request', ['title', 'body', 'language', 'priority']);
  const where = 'The request';
  return {
    wordings: [{ language: textIn(fields, 'language', where, 'en'), title: textIn(fields, 'title', where), body: textIn(fields, 'body', where, '') }],
    priority: oneOf(textIn(fields, 'priority', where, 'normal'), PRIORITIES, 'The request.priority'),
    pinned: false, files: [], expiresAt: 0, acknowledge: false, event: undefined, poll: undefined,
  };
}

/** What is no UTF-8 is no JSON either. */
function asText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return '';
  }
}
