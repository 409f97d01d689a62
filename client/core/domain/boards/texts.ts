/** What an announcement may say. What a device makes and what it takes are held to the same. Pure. */
import { Priority, type AnnouncementText, type ContentFacts, type Event, type Poll, type Totals } from '../../content/gen/thicket/content/v1/boards_pb.ts';
import { fileFacts } from '../files.ts';

export const LONGEST_TITLE = 200;
export const LONGEST_BODY = 12_000;
export const LONGEST_NOTE = 300;
export const MOST_WORDINGS = 12;
export const MOST_FILES = 10;
export const MOST_SHIFTS = 40;
export const MOST_CHOICES = 12;
const LONGEST_CHOICE = 200;
const LONGEST_SHIFT = 100;
const LONGEST_PLACE = 300;
const LONGEST_URL = 500;
const MOST_PLACES = 2_000;
const ID_BYTES = 16;
const PLACE_BYTES = 8;
/** RFC 5646: a language, and whatever narrows it. */
const LANGUAGE = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/u;
const ZONE = /^[A-Za-z0-9_+-]{1,32}(\/[A-Za-z0-9_+-]{1,32}){0,2}$/u;

const isText = (text: string, longest: number): boolean => text.trim().length > 0 && [...text].length <= longest;
const isNote = (text: string): boolean => [...text].length <= LONGEST_NOTE;
const isId = (id: Uint8Array): boolean => id.length === ID_BYTES;
const isTime = (ms: bigint): boolean => ms >= 0n && ms < BigInt(Number.MAX_SAFE_INTEGER);
const areInOrder = (from: bigint, to: bigint): boolean => isTime(from) && isTime(to) && (to === 0n || to >= from);

export function isFitText(text: AnnouncementText | undefined): text is AnnouncementText {
  if (text === undefined) return false;
  const { wordings, files, priority, event, poll, expiresAtMs } = text;
  const languages = new Set(wordings.map(({ language }) => language));
  return wordings.length >= 1 && wordings.length <= MOST_WORDINGS && languages.size === wordings.length
    && wordings.every(({ language, title, body }) => LANGUAGE.test(language) && isText(title, LONGEST_TITLE) && [...body].length <= LONGEST_BODY)
    && files.length <= MOST_FILES && files.every((file) => fileFacts(file) !== undefined)
    && (Object.values(Priority) as number[]).includes(priority) && isTime(expiresAtMs)
    && (event === undefined || isFitEvent(event)) && (poll === undefined || isFitPoll(poll));
}

function isFitEvent({ beginsAtMs, endsAtMs, zone, place, map, shifts }: Event): boolean {
  return beginsAtMs > 0n && areInOrder(beginsAtMs, endsAtMs) && ZONE.test(zone) && [...place].length <= LONGEST_PLACE && (map === '' || isWebAddress(map))
    && shifts.length <= MOST_SHIFTS
    && shifts.every((shift) => isText(shift.name, LONGEST_SHIFT) && areInOrder(shift.beginsAtMs, shift.endsAtMs) && shift.capacity <= MOST_PLACES);
}

const isFitPoll = ({ question, choices, closesAtMs }: Poll): boolean =>
  isText(question, LONGEST_CHOICE) && choices.length >= 2 && choices.length <= MOST_CHOICES && choices.every((choice) => isText(choice, LONGEST_CHOICE)) && isTime(closesAtMs);

/** Opens outside, so by TLS and to a place with a name. */
function isWebAddress(address: string): boolean {
  const url = address.length <= LONGEST_URL && URL.canParse(address) ? new URL(address) : undefined;
  return url?.protocol === 'https:' && url.username === '' && url.password === '';
}

const areFitTotals = ({ of, chosen, shifts }: Totals): boolean =>
  isId(of) && chosen.length <= MOST_CHOICES && shifts.length <= MOST_SHIFTS
  && shifts.every(({ places }) => places.length <= MOST_PLACES && places.every(({ length }) => length === PLACE_BYTES));

/** @returns false for what no device would have made */
export function isFitContent({ id, what }: ContentFacts): boolean {
  if (!isId(id)) return false;
  switch (what.case) {
    case 'announcement': return isFitText(what.value);
    case 'correction': return isId(what.value.of) && isFitText(what.value.text) && isNote(what.value.note);
    case 'withdrawal': return isId(what.value.of) && isNote(what.value.note);
    case 'totals': return areFitTotals(what.value);
    case 'pinning': return isId(what.value.of);
    case undefined: return false;
  }
}
