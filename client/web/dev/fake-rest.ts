/** Of the made-up session what needs no story of its own: enough for the screens that ask for it. */
import type { MessageItem, Session, SessionEvent } from '#core/session/api.ts';
import { people } from './story.ts';

interface Told {
  /** Of every room, with its messages. */
  readonly rooms: () => readonly { readonly id: string; readonly messages: readonly MessageItem[] }[];
  readonly tell: (event: SessionEvent) => void;
}

export function fakeRest({ rooms, tell }: Told): Partial<Session> {
  const today = Math.floor(Date.now() / 86_400_000);
  let offer: Awaited<ReturnType<Session['linkOffer']>>;
  return {
    filesUnderWay: async () => [],
    isFileHere: async () => false,
    filesOf: async (id) => ({ items: rooms().find((room) => room.id === id)?.messages.filter(({ file }) => file !== undefined) ?? [], next: undefined }),
    devices: async () => [
      { id: 'aa'.repeat(32), name: 'Kitchen laptop', isThis: true, linkedDay: undefined, state: 'here', rooms: { done: 5, total: 5 } },
      { id: 'bb'.repeat(32), name: 'Phone', isThis: false, linkedDay: today - 12, state: 'here', rooms: { done: 5, total: 5 } },
      { id: 'cc'.repeat(32), name: 'Old tablet', isThis: false, linkedDay: today - 200, state: 'leaving', rooms: { done: 3, total: 5 } },
    ],
    safetyPhrase: async (_room, member) => ({ words: ['meadow', 'copper', 'violin', 'harbor', 'pencil', 'autumn'], verified: people.find(({ id }) => id === member)?.verified ?? 'no' }),
    backupState: async () => ({ lastDay: undefined, due: true }),
    newRecoveryPhrase: async () => 'abandon harvest lantern pigeon velvet orbit cactus ribbon summer whale maple quiet'.split(' '),
    fetchBackup: async () => {
      await new Promise((resolve) => setTimeout(resolve, 900));
      return new Blob(['a made-up backup\n']);
    },
    longestKeep: async () => 0,
    look: async () => ({ name: '', colour: 0, picture: undefined }),
    linkOffer: async () => offer,
    linkRequest: async () => undefined,
    linkDevice: async () => {
      offer = { id: 'made up', link: `${location.origin}/#link=CAESEA${btoa('made up link for a device').replaceAll('=', '')}`, expiresAt: Date.now() + 600_000 };
      tell({ changed: 'devices' });
      return offer;
    },
    searchState: async () => ({ share: 1, working: false }),
    search: async ({ text }) => {
      const words = text.toLowerCase().trim();
      const hits = words === '' ? [] : rooms().flatMap(({ id, messages }) => messages.filter((item) => item.text.toLowerCase().includes(words)).map((item) => ({
        room: id, place: { id: item.id, sender: item.sender.id, seq: item.seq ?? 0 }, sender: item.sender, at: item.at,
        snippet: { text: item.text.slice(0, 200), marks: [{ start: item.text.toLowerCase().indexOf(words), length: words.length }], before: false, behind: item.text.length > 200 },
        file: item.file, fileMarks: [],
      }))).reverse();
      return { hits: hits.slice(0, 30), cursor: undefined, total: hits.length, unclear: [], share: 1 };
    },
  };
}
