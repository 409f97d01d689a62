/** The hook: what other programs may ask of a bot, one thing after another and at most one in a second. */
import { SessionFailure, type AnnouncementText } from '#core/session/api.ts';
import { CliFailure, codeOf } from '../failure.ts';
import { sentenceOf } from '../words.ts';
import type { DoorAnswer, Knock, Secrets } from './front-door.ts';
import { announcementIn, MOST_BYTES } from './heeding.ts';

const PAUSE_MS = 1_000;

export interface HookParts {
  readonly secret: string;
  readonly isSame: Secrets['isSame'];
  /** @returns the id, when it is announced or queued for good */
  readonly announce: (text: AnnouncementText) => Promise<string>;
  readonly now: () => number;
}

const NOTHING_HERE: DoorAnswer = { status: 404, says: { error: 'not-found' } };
const TOO_SOON: DoorAnswer = { status: 429, says: { error: 'too-many' } };
const TOO_LARGE: DoorAnswer = { status: 413, says: { error: 'too-large' } };

/** Neither the secret nor what is announced is told to anybody but the board. */
export function hookOf({ secret, isSame, announce, now }: HookParts): (knock: Knock) => Promise<DoorAnswer> {
  let busy = false;
  let last = -Infinity;
  return async (knock) => {
    // Both are looked at whatever the other is: how long it takes tells nothing.
    const isPath = isSame(knock.path, `/${secret}`);
    if (!isPath || knock.method !== 'POST') return NOTHING_HERE;
    if (busy || now() - last < PAUSE_MS) return TOO_SOON;
    busy = true;
    try {
      const bytes = await knock.body(MOST_BYTES);
      if (bytes === undefined) return TOO_LARGE;
      const text = announcementIn(bytes);
      last = now();
      return { status: 202, says: { id: await announce(text) } };
    } catch (thrown) {
      return refusalOf(thrown);
    } finally {
      busy = false;
    }
  };
}

function refusalOf(thrown: unknown): DoorAnswer {
  const code = codeOf(thrown);
  const message = thrown instanceof CliFailure && thrown.detail !== undefined ? thrown.detail : sentenceOf(code);
  const isTheirs = (thrown instanceof CliFailure && code === 'usage') || (thrown instanceof SessionFailure && code === 'bad-announcement');
  return { status: isTheirs ? 400 : 503, says: { error: isTheirs ? 'bad-request' : code, message } };
}
