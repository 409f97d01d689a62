/** People and words for the made-up session: a tenants' union on an ordinary Tuesday, in several scripts. */
import { plainMessage } from '#core/session/api/plain-message.ts';
import type { Person, TimelineItem } from '#core/session/api.ts';

const person = (id: string, name: string, isMe = false, ambiguous = false): Person => ({
  id: id.repeat(8).slice(0, 64),
  name,
  fingerprint: `${id.slice(0, 4)} ${id.slice(4, 8)}`,
  ambiguous,
  isMe,
});

export const me = person('4a7f21c0', 'Rosa', true);
export const samir: Person = { ...person('91b3d0e2', 'Samir'), verified: 'yes' };
export const noa = person('c2290af1', 'נועה');
export const layla = person('d3a81b44', 'ليلى');
export const asha: Person = { ...person('e7f00c19', 'आशा'), verified: 'changed' };
export const wei = person('05c1d2a3', '陈伟');
export const joe = person('1f9e88b0', 'Joe', false, true);
export const otherJoe = person('6b02ce75', 'Joe', false, true);
export const people: readonly Person[] = [me, samir, noa, layla, asha, wei, joe, otherJoe];

const MINUTE = 60_000;
let seq = 100;
export const nextSeq = (): number => (seq += 3);

type Line = readonly [who: Person, minutesAgo: number, text: string];
const LINES: readonly Line[] = [
  [samir, 1530, 'Evening all. The letter from the landlord came today: eleven percent, from the first of the month.'],
  [samir, 1529, 'I scanned it, will bring copies tomorrow.'],
  [noa, 1522, 'אותו מכתב הגיע גם אלינו. 11% זה הרבה מעבר למותר, לא?'],
  [layla, 1515, 'نعم، وصلتني الرسالة نفسها. اتصلت بالجمعية وقالوا إن الحد الأقصى 4٪ هذا العام.'],
  [me, 1511, 'Thank you both. So that is two buildings at least. Let us count doors this week before we answer anything.'],
  [me, 1510, 'Nobody signs, nobody pays the difference yet 🙏🏽'],
  [asha, 1490, 'मेरी बिल्डिंग में भी यही हुआ। कल शाम को मिलते हैं?'],
  [wei, 1488, '我可以带打印机。七点在社区中心？'],
  [samir, 120, 'Numbers so far: 23 doors knocked, 19 got the letter, 17 want to come to the meeting.'],
  [joe, 112, 'Nice. What the law says is here: https://www.example.org/housing/rent-cap?year=2026#limits (scroll to "limits").'],
  [joe, 111, 'Short version: anything above the cap can be refused in writing within 30 days.'],
  [layla, 64, 'رائع 👏 سأترجم الملخص إلى العربية الليلة وأرسله هنا — see https://example.org/ar أيضا'],
  [me, 58, 'Wonderful. I will make one page with three languages and a tear-off slip.\n\nWho can bring it round on Thursday?'],
  [noa, 41, 'אני! קומות 1-4, בשמחה 💚'],
  [samir, 12, '👨‍👩‍👧‍👦 We take the back stairs'],
  [wei, 9, '我来负责五楼到八楼。'],
  [me, 6, 'Then every floor has somebody. See you Thursday at seven.'],
];

export function kitchen(now: number): TimelineItem[] {
  const event = (id: string, what: Extract<TimelineItem, { kind: 'event' }>['event']): TimelineItem => ({ kind: 'event', id, seq: nextSeq(), event: what });
  const messages = LINES.map(([sender, ago, text], index): TimelineItem => ({
    ...plainMessage({ id: `line-${index}`, seq: nextSeq(), sender, at: now - ago * MINUTE, text }),
  }));
  const items = [
    event('e1', { what: 'created', by: me }),
    event('e2', { what: 'added', by: me, people: [samir, noa, layla] }),
    event('e3', { what: 'added', by: me, people: [asha, wei] }),
    ...messages.slice(0, 8),
    event('e4', { what: 'added', by: me, people: [joe] }),
    ...messages.slice(8, 14),
    event('e6', { what: 'missing', by: samir, count: 1, expired: false }),
    event('e5', { what: 'refused-change', by: otherJoe, reason: 'not-admin' }),
    ...messages.slice(14),
  ];
  return items.map((item) => {
    const seq = nextSeq();
    if (item.kind === 'event') return { ...item, seq };
    return { ...item, seq, place: { id: item.id, sender: item.sender.id, seq }, may: { edit: item.sender.isMe, delete: true, pin: true } };
  });
}

/** `count` short messages, for scrolling. */
export function long(now: number, count: number): TimelineItem[] {
  return Array.from({ length: count }, (_, index): TimelineItem => ({
    ...plainMessage({ id: `long-${index}`, seq: nextSeq(), sender: people[(index * 7 + (index >> 2)) % 5] ?? me,
      at: now - (count - index) * 11 * MINUTE, text: `Message number ${index + 1}. ${'More words here. '.repeat((index * 5) % 9)}`.trim() }),
  }));
}
