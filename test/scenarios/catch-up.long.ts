/** Somebody who was away for five thousand records: reads them all, once, in order, and does not grow without bound. */
import { expect, it } from 'vitest';
import { foundHub, until, welcome } from '../harness/people.ts';
import { startTestRelay } from '../harness/relay.ts';

const ROOMS = 5;
const MESSAGES = 1_000;
const QUEUED = 100;

it('five thousand records are caught up with in one go', async () => {
  const relay = await startTestRelay();
  const alice = await foundHub(relay.foundingLink as string, 'alice', { live: true });
  const bob = await welcome(alice, 'bob');
  const rooms = await Promise.all(Array.from({ length: ROOMS }, (_, n) => alice.session.createRoom(`Room ${n}`)));
  for (const room of rooms) await alice.add(room, 'bob');
  await bob.session.catchUp();
  // The rooms are written to side by side, each a hundred messages at a time.
  const wroteAt = Date.now();
  await Promise.all(rooms.map(async (room) => {
    for (let n = 0; n < MESSAGES; n += QUEUED) {
      const ids = [];
      for (let i = n; i < n + QUEUED; i += 1) ids.push(await alice.session.send(room, `message ${i}`));
      await Promise.all(ids.map((id) => alice.session.delivered(room, id)));
    }
  }));
  const wroteMs = Date.now() - wroteAt;

  const progress: number[] = [];
  bob.session.subscribe((event) => {
    if (event.changed === 'overview') void bob.session.overview().then(({ catchUp }) => catchUp && progress.push(catchUp.done / catchUp.total));
  });
  const before = process.memoryUsage().heapUsed;
  const readAt = Date.now();
  await bob.session.catchUp();
  const readMs = Date.now() - readAt;
  const grownMiB = Math.round((process.memoryUsage().heapUsed - before) / 2 ** 20);
  console.log({ records: ROOMS * MESSAGES, wroteMs, readMs, msPerRecord: readMs / (ROOMS * MESSAGES), grownMiB });

  for (const room of rooms) expect(await bob.texts(room)).toEqual(Array.from({ length: MESSAGES }, (_, n) => `message ${n}`));
  await until(() => progress.length > 0, 'the wait to be shown');
  expect(progress, 'the wait shows how far it has come').toEqual([...progress].sort((a, b) => a - b));
  await alice.session.close();
  await bob.session.close();
  await relay.stop();
});
