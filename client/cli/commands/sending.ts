/** Sending: one message, or standard input a message a line. */
import type { MessageId, RoomId, Session } from '#core/session/api.ts';
import type { Command, Context } from '../command.ts';
import { findRoom } from '../find.ts';

/** Messages queued and not acknowledged; beyond them standard input waits. */
const IN_FLIGHT = 32;

export const send: Command = {
  words: ['send'],
  places: ['ROOM', 'TEXT'],
  flags: [],
  help: 'Send a message, and wait until the relay has it. With - as TEXT, send standard input, a message a line.',
  needs: 'open',
  stays: ([, text]) => text === '-',
  async run(context) {
    const { session, places: [typed = '', text = ''] } = context;
    const room = findRoom(await session.rooms(), typed);
    if (text === '-') return sendLines(context, room.id);
    const id = await session.send(room.id, text);
    report(context, id, await session.delivered(room.id, id));
  },
};

/** Queues line after line and reports each in its order, as the relay acknowledges it. Ends at the first that fails. */
async function sendLines(context: Context, room: RoomId): Promise<void> {
  const { session, lines } = context;
  const waiting: Promise<void>[] = [];
  let reported: Promise<void> = Promise.resolve();
  for await (const line of lines()) {
    if (line.trim() === '') continue;
    reported = inTurn(context, reported, room, await session.send(room, line));
    waiting.push(reported);
    if (waiting.length >= IN_FLIGHT) await waiting.shift();
  }
  await reported;
}

function inTurn(context: Context, before: Promise<void>, room: RoomId, id: MessageId): Promise<void> {
  const delivery = context.session.delivered(room, id);
  const turn = (async () => {
    await before;
    report(context, id, await delivery);
  })();
  // Whoever waits for the turn hears of a failure; these only keep it from being called unhandled meanwhile.
  delivery.catch(() => undefined);
  turn.catch(() => undefined);
  return turn;
}

function report({ out }: Context, id: MessageId, { seq }: Awaited<ReturnType<Session['delivered']>>): void {
  out.say({ id, seq }, `Sent (${seq}).`);
}
