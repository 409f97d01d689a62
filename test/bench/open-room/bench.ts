/** Opening a room with a very long past, beside one with hardly any. What the engine takes; the screen is the browser's bench. */
import type { RoomId } from '#core/session/api.ts';
import { sodiumReady } from '#shared/sodium.ts';
import { PASSPHRASE } from '../../harness/people.ts';
import { median } from '../measure.ts';
import { madeUpText, planted } from '../planted.ts';
import type { Area } from '../results.ts';

const SHORT = 100;
const OTHERS = 48;
const ROUNDS = 15;

export async function openRoom(quick: boolean): Promise<Area> {
  await sodiumReady();
  const long = quick ? 10_000 : 100_000;
  const past = await planted([long, SHORT, ...Array.from({ length: quick ? 8 : OTHERS }, () => SHORT)], madeUpText);
  const little = await planted([SHORT], madeUpText);
  try {
    const unlocked = [past, little].map(({ alice }) => timed(() => alice.session.unlock(PASSPHRASE)));
    const [start = 0, startLittle = 0] = [await unlocked[0], await unlocked[1]];
    const [crowded, short] = past.rooms as [RoomId, RoomId];
    const { session } = past.alice;
    const page = (room: RoomId, before?: number) => medianOf(() => session.timeline(room, before === undefined ? {} : { before }));
    return {
      name: 'open-room', title: `Opening a room with ${long.toLocaleString('en')} messages`,
      peer: `the same of a room with ${SHORT} messages; for unlocking, of a device with that room alone`,
      how: [
        `${past.rooms.length} rooms in a vault in a SQLite file, one with ${long} messages, the others with ${SHORT} each. Medians of ${ROUNDS}; unlocking once, at the least cost of the passphrase's Argon2id, because that is the same for all.`,
        'The engine alone: from the call to the answer, in Node. What the screen takes is measured in the browser.',
      ],
      rows: [
        { what: 'unlocking, without the passphrase', unit: 'ms', thicket: start, peer: startLittle },
        { what: 'the newest page', unit: 'ms', thicket: await page(crowded), peer: await page(short) },
        { what: 'a page in the middle', unit: 'ms', thicket: await page(crowded, 1_000 + long / 2), peer: await page(short, 1_000 + SHORT / 2) },
        { what: 'the place of a day', unit: 'ms', thicket: await medianOf(() => session.seqAt(crowded, Date.now() - (long * 60_000) / 2)), peer: await medianOf(() => session.seqAt(short, Date.now() - 60_000 * SHORT)) },
        { what: 'the list of rooms', unit: 'ms', thicket: await medianOf(() => session.rooms()), peer: await medianOf(() => little.alice.session.rooms()) },
      ],
    };
  } finally {
    await past.stop();
    await little.stop();
  }
}

async function medianOf(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) times.push(await timed(work));
  return median(times);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
