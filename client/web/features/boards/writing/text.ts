/** What is being written, and whether it can go out. Pure. */
import type { AnnouncementText, EventText, PollText, ShiftText } from '#core/session/api.ts';
import { LONGEST_BODY, LONGEST_MAP, LONGEST_TITLE } from '../limits.ts';

export const emptyText = (language: string): AnnouncementText => ({
  wordings: [{ language, title: '', body: '' }], priority: 'normal', pinned: false, files: [], expiresAt: 0, acknowledge: false, event: undefined, poll: undefined,
});
export const emptyEvent = (zone: string): EventText => ({ beginsAt: 0, endsAt: 0, zone, place: '', map: '', answers: true, shifts: [] });
export const emptyShift: ShiftText = { name: '', beginsAt: 0, endsAt: 0, capacity: 0 };
export const emptyPoll: PollText = { question: '', choices: ['', ''], several: false, closesAt: 0 };

/** What stands in the fields without what was left empty in them. */
export function tidied(text: AnnouncementText): AnnouncementText {
  const wordings = text.wordings.map(({ language, title, body }) => ({ language, title: title.trim(), body: body.trim() }));
  const said = wordings.filter(({ title, body }) => title !== '' || body !== '');
  const { event, poll } = text;
  return {
    ...text,
    wordings: said.length === 0 ? wordings.slice(0, 1) : said,
    event: event && {
      ...event, place: event.place.trim(), map: event.map.trim(),
      shifts: event.shifts.map((shift) => ({ ...shift, name: shift.name.trim() })).filter((shift) => shift.name !== '' || shift.capacity > 0 || shift.beginsAt > 0),
    },
    poll: poll && { ...poll, question: poll.question.trim(), choices: poll.choices.map((choice) => choice.trim()).filter((choice) => choice !== '') },
  };
}

export type Fault = 'title' | 'long' | 'begin' | 'end' | 'map' | 'shift' | 'question' | 'choices' | 'expired' | 'closed' | 'past';

/** What has to be mended before it can go out, the first thing first. @param publishAt 0: at once @param now milliseconds since 1970 */
export function faultIn(text: AnnouncementText, publishAt: number, now: number): Fault | undefined {
  const { wordings, event, poll, expiresAt } = tidied(text);
  if (wordings.some(({ title }) => title === '')) return 'title';
  if (wordings.some(({ title, body }) => [...title].length > LONGEST_TITLE || [...body].length > LONGEST_BODY)) return 'long';
  if (event !== undefined) {
    if (event.beginsAt === 0) return 'begin';
    if (event.endsAt !== 0 && event.endsAt < event.beginsAt) return 'end';
    if (event.map !== '' && !isMap(event.map)) return 'map';
    if (event.shifts.some(({ name }) => name === '')) return 'shift';
    if (event.shifts.some(({ beginsAt, endsAt }) => endsAt !== 0 && endsAt < beginsAt)) return 'end';
  }
  if (poll !== undefined) {
    if (poll.question === '') return 'question';
    if (poll.choices.length < 2) return 'choices';
    if (poll.closesAt !== 0 && poll.closesAt < now) return 'closed';
  }
  if (expiresAt !== 0 && expiresAt < Math.max(now, publishAt)) return 'expired';
  return publishAt !== 0 && publishAt < now ? 'past' : undefined;
}

function isMap(address: string): boolean {
  if (address.length > LONGEST_MAP || !URL.canParse(address)) return false;
  const { protocol, username, password } = new URL(address);
  return protocol === 'https:' && username === '' && password === '';
}

/** Nothing that anybody would miss. */
export const isBlank = (text: AnnouncementText): boolean =>
  text.wordings.every(({ title, body }) => title.trim() === '' && body.trim() === '') && text.files.length === 0 && text.event === undefined && text.poll === undefined;
