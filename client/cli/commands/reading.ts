/** Reading a room, once or as it grows. */
import type { MessagePlace, Person, RoomId, Session, TimelineItem } from '#core/session/api.ts';
import type { Command, Context } from '../command.ts';
import { findMessage, findRoom, nameOf } from '../find.ts';
import { spanText } from '../spans.ts';
import { plainBlock, plainLine } from '../output.ts';

export const read: Command = {
  words: ['read'],
  places: ['ROOM'],
  flags: ['since', 'follow', 'thread'],
  help: 'Show the messages of a room in the order of the log. --since SEQ leaves out what stands up to there; --follow goes on as messages come; --thread MESSAGE shows the thread under one.',
  needs: 'open',
  stays: (_places, { follow }) => follow === true,
  endsCalmly: ({ follow }) => follow === true,
  objection: ({ since }) =>
    (since === undefined || (/^\d{1,15}$/.test(since)) ? undefined : '--since is the seq of a message: a whole number.'),
  async run(context) {
    const { session, places: [typed = ''], flags: { since, follow, thread }, progress } = context;
    const room = findRoom(await session.rooms(), typed);
    progress.lastSeq ??= Number(since ?? 0);
    const root = thread === undefined ? undefined : findMessage(await session.timelineSince(room.id, 0), thread).place;
    if (follow === true) await followRoom(context, room.id, root);
    else await showNew(context, room.id, root);
  },
};

async function followRoom(context: Context, room: RoomId, root: MessagePlace | undefined): Promise<void> {
  const { session, ending } = context;
  const changes = changesOf(session, room, ending);
  do {
    await showNew(context, room, root);
    if (!(await isActive(session, room))) return;
  } while (await changes.next());
}

/** What stands above the last item shown. Messages still on their way have no place in the log yet and are left out. */
async function showNew({ session, out, progress }: Context, room: RoomId, root: MessagePlace | undefined): Promise<void> {
  const since = progress.lastSeq ?? 0;
  const items = await (root === undefined ? session.timelineSince(room, since) : session.timelineSince(room, since, root));
  for (const item of items) {
    if (item.seq === undefined) continue;
    if (item.kind === 'message') {
      const { id, seq, sender, at, text, file } = item;
      const shown = file === undefined ? plainBlock(text) : `[file ${seq}] ${plainLine(file.name)}, ${sizeOf(file.size)}`;
      out.say({ id, seq, sender: nameOf(sender), at, text, ...(file && { file }) }, `${timeOf(at)}  ${plainLine(nameOf(sender))}: ${shown}`);
    } else out.tell(`        ${eventLine(item)}`);
    progress.lastSeq = Math.max(progress.lastSeq ?? 0, item.seq);
  }
  if (items.length > 0) await (root === undefined ? session.markRead(room) : session.markReadTo(room, progress.lastSeq ?? 0, root));
}

const isActive = async (session: Session, room: RoomId): Promise<boolean> =>
  (await session.rooms()).some(({ id, active }) => id === room && active);

/** `next` resolves true when the room may have changed since it last did, false when it is time to end. */
function changesOf(session: Session, room: RoomId, ending: AbortSignal): { next(): Promise<boolean> } {
  let changed = false;
  let wake: () => void = () => undefined;
  const stop = session.subscribe((event) => {
    if (event.changed !== 'rooms' && !(event.changed === 'timeline' && event.room === room)) return;
    changed = true;
    wake();
  });
  ending.addEventListener('abort', () => (stop(), wake()), { once: true });
  return {
    async next() {
      if (!changed && !ending.aborted) await new Promise<void>((resolve) => (wake = resolve));
      changed = false;
      return !ending.aborted;
    },
  };
}

const sizeOf = (bytes: number): string => (bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`);

const timeOf = (at: number): string => {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? '?' : date.toLocaleString(undefined, { dateStyle: 'short', timeStyle: 'short' });
};

const names = (people: readonly Person[]): string => people.map((person) => plainLine(nameOf(person))).join(', ');

function eventLine({ event }: Extract<TimelineItem, { kind: 'event' }>): string {
  const by = 'by' in event && event.by !== undefined ? plainLine(nameOf(event.by)) : 'Somebody';
  switch (event.what) {
    case 'created': return `${by} made this room.`;
    case 'joined': return `You joined; ${by} added you.`;
    case 'added': return `${by} added ${names(event.people)}.`;
    case 'removed': return `${by} removed ${names(event.people)}.`;
    case 'removed-me': return `${by} removed you. You can read what came before.`;
    case 'device-added': return `${by} brought another device along.`;
    case 'new-device': return `${by} has a new device, let in by ${names(event.people)}.`;
    case 'returned': return `You came back; ${by} added you. What was said since your backup cannot be read on this device.`;
    case 'rejoined': return `${by} added you again. What was said in between cannot be read on this device.`;
    case 'device-removed': return `${by} took one of their devices out.`;
    case 'left': return `${by} left.`;
    case 'made-admin': return `${by} made ${names(event.people)} admin of this room.`;
    case 'made-moderator': return `${by} made ${names(event.people)} moderator of this room.`;
    case 'made-member': return `${by} took back the role of ${names(event.people)}.`;
    case 'announcing': return `${by} lets only admins and moderators write here.`;
    case 'conversing': return `${by} lets everybody write here.`;
    case 'admins-add': return `${by} lets only admins add people.`;
    case 'moderators-add': return `${by} lets admins and moderators add people.`;
    case 'everybody-adds': return `${by} lets everybody here add people.`;
    case 'staying': return `${by} lets new messages stay.`;
    case 'vanishing': return `${by} lets new messages vanish ${spanText(event.seconds)} after they were sent.`;
    case 'quieted': return `${by} let this room send quietly.`;
    case 'unquieted': return `${by} let this room send at once again.`;
    case 'renamed': return `${by} renamed the room to “${plainLine(event.name)}”.`;
    case 'refused-change': return `A change to this room was refused (${by}). Nothing happened to it.`;
    case 'replanted': return `${by} mended this room${event.without.length === 0 ? '' : `, without ${names(event.without)}`}.`;
    case 'hidden-record': return 'A message that could not be opened was left out.';
    // The command that lends its vault may be of a later version.
    default: return 'Something happened to this room that this version has no words for.';
  }
}
