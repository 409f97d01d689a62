/** What the boards of the made-up session say: a rally with shifts, a vote, something urgent, and what became of older ones. */
import type { Announcement, AnnouncementText, EventText, PollText, Wording } from '#core/session/api.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export const PLAIN: AnnouncementText = {
  wordings: [], priority: 'normal', pinned: false, files: [], expiresAt: 0, acknowledge: false, event: undefined, poll: undefined,
};
const said = (language: string, title: string, body: string): Wording => ({ language, title, body });
const evening = (days: number, hour: number): number => new Date(Date.now() + days * DAY).setHours(hour, 0, 0, 0);

const RALLY: EventText = {
  beginsAt: evening(6, 17), endsAt: evening(6, 21), zone: 'Europe/Madrid', place: 'Town hall, main steps. Come in by the side gate if it rains.',
  map: 'https://www.openstreetmap.org/?mlat=40.4168&mlon=-3.7038', answers: true,
  shifts: [
    { name: 'Setting up the stage', beginsAt: evening(6, 14), endsAt: evening(6, 17), capacity: 8 },
    { name: 'Water and first aid', beginsAt: evening(6, 17), endsAt: evening(6, 21), capacity: 4 },
    { name: 'Cleaning up', beginsAt: evening(6, 21), endsAt: evening(6, 22), capacity: 0 },
  ],
};
const EVENINGS: PollText = { question: 'Which evenings could you come?', choices: ['Monday', 'Wednesday', 'Thursday', 'Sunday afternoon'], several: true, closesAt: evening(3, 20) };

const announcement = (board: string, seq: number, ago: number, wordings: readonly Wording[], more: Partial<Announcement> = {}): Announcement => ({
  ...PLAIN, wordings, board, id: seq.toString(16).padStart(32, '0'), seq, sentAt: Date.now() - ago, bot: undefined, read: true, expired: false,
  corrected: undefined, withdrawn: undefined, totals: undefined, answer: undefined, ...more,
});

/** Newest last. */
export function announcementsOf(union: string, fund: string): Announcement[] {
  return [
    announcement(union, 1, 40 * DAY, [said('en', 'Coats and blankets needed this weekend', 'Bring them to the hall. We sort on Sunday.')], { expired: true, expiresAt: Date.now() - 30 * DAY }),
    announcement(union, 2, 12 * DAY, [said('en', 'Bus to the hearing', 'It leaves at eight from the market.')], { withdrawn: { at: Date.now() - 11 * DAY, note: 'The hearing was put off. There is no bus.' } }),
    announcement(union, 3, 9 * DAY, [said('en', 'How to answer the rent letter', '1. Do not sign.\n2. Write down the date it came.\n3. Send us a **picture** of it.\n\nWhat the law says: [the rent cap](https://example.org/law).')], {
      pinned: true, corrected: { at: Date.now() - 8 * DAY, note: 'The deadline is 30 days, not 14.' },
      files: [
        { name: 'answer-to-the-letter.pdf', type: 'application/pdf', size: 184_320, handle: 'one' },
        { name: 'door-list.xlsx', type: 'application/vnd.ms-excel', size: 22_100, handle: 'two' },
      ],
    }),
    announcement(fund, 4, 4 * DAY, [said('ar', 'تقرير صندوق التضامن لهذا الشهر', 'جُمع هذا الشهر **4,120** يورو، ودُفع منها 2,900 لثلاث عائلات.\n\nشكرًا لكل من ساهم.')], { read: false }),
    announcement(union, 5, 3 * DAY, [said('en', 'Which evening for the assembly?', 'The hall is free on four evenings. Tell us which of them you could come.')], {
      poll: EVENINGS, totals: { acknowledged: 0, coming: 0, maybe: 0, notComing: 0, chosen: [31, 87, 64, 40], voters: 142, taken: [] },
      answer: { acknowledged: false, coming: undefined, votes: [1, 2], shifts: [], full: [] },
    }),
    announcement(union, 6, DAY, [said('en', 'Rent register: 3 new entries on Elm Street', 'Numbers 14, 16 and 22 were registered today.')], { bot: 'Register watch', read: false }),
    announcement(union, 7, 5 * HOUR, [
      said('en', 'Rally for the rent cap, at the town hall', 'We meet on the steps and walk to the market. Bring **pots and spoons**, and somebody who has never come.\n\n- no flags of parties\n- children are welcome\n- the route is flat'),
      said('es', 'Concentración por el tope de alquiler', 'Nos vemos en la escalinata y caminamos hasta el mercado. Traigan **cacerolas y cucharas**.'),
      said('ar', 'وقفة من أجل سقف الإيجار', 'نلتقي على الدرج ثم نمشي إلى السوق. أحضروا **القدور والملاعق**.'),
    ], {
      priority: 'important', read: false, event: RALLY,
      totals: { acknowledged: 0, coming: 214, maybe: 60, notComing: 12, chosen: [], voters: 0, taken: [6, 4, 11] },
    }),
    announcement(union, 8, 40 * 60_000, [said('en', 'Bailiffs at 22 Elm Street tomorrow at nine', 'Come at eight if you can. Stay calm, film only hands and papers, **never faces**.')], { priority: 'urgent', read: false, acknowledge: true, totals: { acknowledged: 318, coming: 0, maybe: 0, notComing: 0, chosen: [], voters: 0, taken: [] } }),
  ];
}

/** What stood there before corrections, by the announcement's number. */
export const earlierOf = (text: AnnouncementText): readonly { readonly text: AnnouncementText; readonly until: number }[] => [
  { text: { ...text, wordings: text.wordings.map((one) => ({ ...one, body: one.body.replace('Do not sign.', 'Do not sign anything for 14 days.') })) }, until: Date.now() - 8 * DAY },
];

export const DRAFTED: AnnouncementText = { ...PLAIN, wordings: [said('en', 'Kitchen crew: who can cook on Friday?', 'Sixty people, one soup.')] };
export const WAITING: AnnouncementText = { ...PLAIN, priority: 'important', wordings: [said('en', 'Assembly on Wednesday at seven', 'In the hall. Doors open at half past six.'), said('es', 'Asamblea el miércoles a las siete', 'En el salón.')] };
export const SCHEDULED: AnnouncementText = { ...PLAIN, wordings: [said('en', 'Reminder: bring your letters', 'The office is open until eight.')] };
