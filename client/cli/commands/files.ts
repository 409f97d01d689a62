/** Files: sending one from disk, saving one to it. Both go on where they were when they are started again. */
import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { RoomId, Session, SharedFile, TimelineItem, TransferId } from '#core/session/api.ts';
import { SessionFailure } from '#core/session/api.ts';
import type { Command, Context } from '../command.ts';
import { LocalSink, localSource, putInPlace } from '../disk.ts';
import { CliFailure } from '../failure.ts';
import { findRoom } from '../find.ts';
import { plainLine } from '../output.ts';

const MEGABYTE = 1_000_000;
const ID_PREFIX = 8;

export const sendFile: Command = {
  words: ['send-file'],
  places: ['ROOM', 'PATH'],
  flags: [],
  help: 'Send a file, and wait until the relay has it and the message. After a cut, the same command goes on where it was.',
  needs: 'open',
  stays: () => true,
  async run(context) {
    const { session, out, places: [typed = '', path = ''] } = context;
    const room = findRoom(await session.rooms(), typed);
    const source = await localSource(path);
    const name = basename(source.path);
    const transfer = `send ${room.id} ${source.path}`;
    const id = await telling(context, transfer, () => session.sendFile(room.id, source, { name, type: '', transfer }));
    const { seq } = await session.delivered(room.id, id);
    out.say({ id, seq, name, size: source.size }, `Sent ${plainLine(name)} (${seq}).`);
  },
};

export const saveFile: Command = {
  words: ['save-file'],
  places: ['ROOM', 'MESSAGE', 'PATH'],
  flags: [],
  help: 'Save the file of a message, named by its id or seq, to PATH: a new file, or a folder. After a cut, the same command goes on where it was.',
  needs: 'open',
  stays: () => true,
  async run(context) {
    const { session, out, places: [typed = '', which = '', path = ''] } = context;
    const room = findRoom(await session.rooms(), typed);
    const { id, file } = await findFile(session, room.id, which);
    const target = await targetFor(path, file);
    const part = join(dirname(target), `.${basename(target)}.${id.slice(0, ID_PREFIX)}.part`);
    const sink = new LocalSink(part);
    try {
      await telling(context, id, () => session.saveFile(room.id, id, sink, id));
    } finally {
      await sink.close();
    }
    await putInPlace(part, target);
    out.say({ id, saved: target, name: file.name, size: file.size }, `Saved ${plainLine(target)}.`);
  },
};

async function findFile(session: Session, room: RoomId, which: string): Promise<{ id: string; file: SharedFile }> {
  const isMeant = (item: TimelineItem): boolean => (/^\d+$/.test(which) && item.seq === Number(which))
    || (item.kind === 'message' && (item.id === which || (which.length >= ID_PREFIX && item.id.startsWith(which.toLowerCase()))));
  const found = (await session.timelineSince(room, 0)).filter((item) => item.kind === 'message' && item.file !== undefined && isMeant(item));
  const [item] = found;
  if (found.length !== 1 || item?.kind !== 'message' || item.file === undefined) throw new SessionFailure('unknown-file');
  return { id: item.id, file: item.file };
}

/** Never over something that is there. */
async function targetFor(path: string, file: SharedFile): Promise<string> {
  const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
  const target = isFolder ? join(path, file.name) : path;
  if ((await stat(target).catch(() => undefined)) !== undefined) throw new CliFailure('usage', `${plainLine(target)} is there already.`);
  return target;
}

/** A line at every tenth of a large file, for people. */
async function telling<T>({ session, out }: Context, transfer: TransferId, work: () => Promise<T>): Promise<T> {
  let told = 0;
  const stop = session.subscribe((event) => {
    if (event.changed !== 'transfer' || event.transfer !== transfer || event.total < 10 * MEGABYTE) return;
    const tenth = Math.floor((event.done / event.total) * 10);
    if (tenth > told && tenth < 10) out.tell(`${Math.round(event.done / MEGABYTE)} of ${Math.round(event.total / MEGABYTE)} MB ...`);
    told = Math.max(told, tenth);
  });
  try {
    return await work();
  } finally {
    stop();
  }
}
