/** Announcements on a terminal, and as lines for scripts. */
import type { Announcement, AnnouncementText, Totals, Wording } from '#core/session/api.ts';
import { plainBlock, plainLine } from '../output.ts';
import { timeText } from '../times.ts';
import { textOf } from './text-files.ts';

/** In the language of whoever reads, else in the first. */
export function wordingFor(wordings: readonly Wording[], locale: string = Intl.DateTimeFormat().resolvedOptions().locale): Wording {
  const wanted = locale.toLowerCase();
  const [primary] = wanted.split('-');
  return wordings.find(({ language }) => language.toLowerCase() === wanted) ?? wordings.find(({ language }) => language.toLowerCase().split('-')[0] === primary)
    ?? wordings[0] ?? { language: '', title: '', body: '' };
}

export const titleOf = ({ wordings }: Pick<AnnouncementText, 'wordings'>): string => plainLine(wordingFor(wordings).title);

/** For scripts. */
export const announcementObject = (one: Announcement): Readonly<Record<string, unknown>> => ({
  id: one.id, board: one.board, seq: one.seq, at: one.sentAt, title: wordingFor(one.wordings).title, read: one.read, expired: one.expired,
  ...(one.bot !== undefined && { bot: one.bot }), ...(one.corrected && { corrected: one.corrected }), ...(one.withdrawn && { withdrawn: one.withdrawn }),
  ...(one.totals && { totals: one.totals }), ...(one.answer && { answer: one.answer }), text: textOf(one),
});

/** One line for a list. */
export function announcementLine(one: Announcement): string {
  const marks = [
    ...(one.pinned ? ['pinned'] : []), ...(one.priority === 'normal' ? [] : [one.priority]), ...(one.read ? [] : ['new']), ...(one.withdrawn ? ['withdrawn'] : []),
    ...(one.corrected && !one.withdrawn ? ['corrected'] : []), ...(one.expired ? ['expired'] : []), ...(one.bot === undefined ? [] : [`by the bot ${plainLine(one.bot)}`]),
  ];
  const event = one.event === undefined || one.withdrawn ? '' : `  on ${timeText(one.event.beginsAt, one.event.zone)} (${one.event.zone})`;
  return `${one.id.slice(0, 8)}  ${timeText(one.sentAt)}  ${titleOf(one)}${event}${marks.length > 0 ? `  (${marks.join(', ')})` : ''}`;
}

/** The whole of it. */
export function announcementBlock(one: Announcement): string {
  const lines = [announcementLine(one)];
  if (one.withdrawn !== undefined) lines.push(`    Withdrawn ${timeText(one.withdrawn.at)}${noted(one.withdrawn.note)}`);
  else lines.push(...textLines(one));
  if (one.corrected !== undefined && one.withdrawn === undefined) lines.push(`    Corrected ${timeText(one.corrected.at)}${noted(one.corrected.note)}`);
  if (one.totals !== undefined) lines.push(...totalsLines(one.totals, one).map((line) => `    ${line}`));
  if (one.answer !== undefined) lines.push(`    ${answerLine(one.answer, one)}`);
  return lines.join('\n');
}

const noted = (note: string): string => (note === '' ? '.' : `: ${plainLine(note)}`);

/** Indented, so that none of it can pass itself off as another announcement. */
export function textLines(text: AnnouncementText): string[] {
  const { body, language } = wordingFor(text.wordings);
  const others = text.wordings.filter((one) => one.language !== language).map((one) => one.language);
  const { event, poll, files } = text;
  return [
    ...(body === '' ? [] : [`    ${plainBlock(body)}`]),
    ...(others.length === 0 ? [] : [`    Also in: ${others.map(plainLine).join(', ')}`]),
    ...(text.acknowledge ? ['    You are asked to say that you have read it: --read'] : []),
    ...(event === undefined ? [] : [
      `    ${timeText(event.beginsAt, event.zone)}${event.endsAt > 0 ? ` to ${timeText(event.endsAt, event.zone)}` : ''} (${plainLine(event.zone)})${event.place === '' ? '' : `, ${plainLine(event.place)}`}`,
      ...(event.map === '' ? [] : [`    Map: ${plainLine(event.map)}`]),
      ...event.shifts.map(({ name, capacity }, i) => `    Shift ${i + 1}: ${plainLine(name)}${capacity > 0 ? ` (${capacity})` : ''}`),
    ]),
    ...(poll === undefined ? [] : [`    ${plainLine(poll.question)}${poll.several ? ' (more than one may be chosen)' : ''}`, ...poll.choices.map((choice, i) => `    Choice ${i + 1}: ${plainLine(choice)}`)]),
    ...files.map(({ name, size }, i) => `    [file ${i + 1}] ${plainLine(name)}, ${Math.ceil(size / 1000)} kB`),
    ...(text.expiresAt > 0 ? [`    Until ${timeText(text.expiresAt)}`] : []),
  ];
}

/** Only what was asked. */
export function totalsLines(totals: Totals, { acknowledge, event, poll }: AnnouncementText): string[] {
  return [
    ...(acknowledge ? [`${totals.acknowledged} have said that they have read it.`] : []),
    ...(event?.answers === true ? [`Coming: ${totals.coming} yes, ${totals.maybe} maybe, ${totals.notComing} no.`] : []),
    ...(event?.shifts ?? []).map(({ name, capacity }, i) => `Shift ${i + 1}, ${plainLine(name)}: ${totals.taken[i] ?? 0}${capacity > 0 ? ` of ${capacity}` : ''}`),
    ...(poll?.choices ?? []).map((choice, i) => `Choice ${i + 1}, ${plainLine(choice)}: ${totals.chosen[i] ?? 0} of ${totals.voters}`),
  ];
}

function answerLine({ acknowledged, coming, votes, shifts, full }: NonNullable<Announcement['answer']>, { event, poll }: AnnouncementText): string {
  const parts = [
    ...(acknowledged ? ['read'] : []), ...(coming === undefined ? [] : [`coming: ${coming}`]),
    ...votes.map((vote) => `for ${plainLine(poll?.choices[vote] ?? '?')}`),
    ...shifts.map((shift) => `${plainLine(event?.shifts[shift]?.name ?? '?')}${full.includes(shift) ? ' (was full when you answered)' : ''}`),
  ];
  return `Your answer: ${parts.length === 0 ? 'nothing' : parts.join(', ')}.`;
}
