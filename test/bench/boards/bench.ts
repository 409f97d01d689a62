/** One announcement to ten thousand readers, beside a bare `ws` broadcast of the same bytes; and a new era for as many. */
import { randomBytes, sodiumReady } from '#shared/sodium.ts';
import { POST_BODY_SIZES } from '#shared/limits.ts';
import { eventOf, idleBytes, Readers } from '../fanout/apart.ts';
import { bareServer } from '../fanout/bare.ts';
import { relayServer } from '../fanout/relay.ts';
import { clock, type Server } from '../fanout/wire.ts';
import { median } from '../measure.ts';
import { versionOf } from '../peers.ts';
import type { Area } from '../results.ts';
import { eras } from './eras.ts';

interface Plan {
  readonly sockets: number;
  /** Times each side opens all its sockets anew: both at once are more than one process may hold. */
  readonly turns: number;
  readonly announcements: number;
}
const WHOLE: Plan = { sockets: 10_000, turns: 3, announcements: 8 };
const QUICK: Plan = { sockets: 1_000, turns: 1, announcements: 4 };
const REMOVED = 10;
const BODY = POST_BODY_SIZES[1];

interface Found {
  readonly perSocket: number;
  readonly rates: number[];
  readonly last: number[];
}

export async function boards(quick: boolean): Promise<Area> {
  await sodiumReady();
  const plan = quick ? QUICK : WHOLE;
  const bodies = Array.from({ length: plan.turns * (plan.announcements + 1) }, () => randomBytes(BODY));
  const relay = await relayServer(bodies, 1);
  const bare = await bareServer(bodies.map((body, index) => eventOf(relay.mailbox, body, index)));
  const readers = new Readers();
  try {
    const sides: readonly [Server, string][] = [[relay, 'relay'], [bare, 'bare']];
    const found: Found[] = [];
    for (const [server] of sides) found.push({ perSocket: await idleBytes(server, readers, plan.sockets), rates: [], last: [] });
    for (let turn = 0; turn < plan.turns; turn += 1) {
      for (const index of turn % 2 === 0 ? [0, 1] : [1, 0]) {
        const [server, name] = sides[index] as [Server, string];
        await announceAll(plan, { server, name, readers, first: turn * (plan.announcements + 1) }, found[index] as Found);
      }
    }
    return area(plan, found[0] as Found, found[1] as Found);
  } finally {
    readers.stop();
    await bare.stop();
    await relay.stop();
  }
}

interface Turn {
  readonly server: Server;
  readonly name: string;
  readonly readers: Readers;
  readonly first: number;
}

/** One after another, each when everybody has the one before. The first of a turn is not counted. */
async function announceAll(plan: Plan, { server, name, readers, first }: Turn, found: Found): Promise<void> {
  await readers.open(server, name, plan.sockets);
  for (let nth = 0; nth <= plan.announcements; nth += 1) {
    const measured = await readers.measure(name, 1, async (sentAt) => {
      sentAt[0] = clock();
      await server.post(first + nth);
    });
    if (nth === 0) continue;
    found.rates.push(measured.deliveries / measured.seconds);
    found.last.push(measured.seconds * 1000);
  }
  await readers.close(name);
}

function area({ sockets, turns, announcements }: Plan, relay: Found, bare: Found): Area {
  const { covered, sealedToEach } = eras(sockets, REMOVED);
  const many = sockets.toLocaleString('en');
  return {
    name: 'boards',
    title: `One announcement of ${BODY} bytes to ${many} sockets, and a new era for ${many} readers without ${REMOVED}`,
    peer: `a bare ws ${versionOf('ws')} broadcast of the same bytes, nothing stored; for the era, its key sealed with X-Wing to each reader`,
    how: [
      `The relay in a process of its own on its embedded PostgreSQL, the announcement on disk before it is sent on; the bare server in another. One process has all the sockets of a side; ${turns} turns of ${announcements} announcements a side, one after another, from the post to the last delivery. Medians.`,
      `Memory of a socket: growth of the server's resident memory over ${many} sockets, garbage collected before and after.`,
      'The era: made by one coordinator’s device and opened by one reader’s, in this process; medians of 5. What is downloaded every device of the hub downloads, since all read the whole log.',
    ],
    rows: [
      { what: 'deliveries a second', unit: '/s', thicket: median(relay.rates), peer: median(bare.rates), target: { speed: 0.8, says: 'an announcement to 10,000 sockets at least 0.8 of a bare ws broadcast' } },
      { what: 'until the last reader has it', unit: 'ms', thicket: median(relay.last), peer: median(bare.last) },
      { what: 'memory of a socket', unit: 'KB', thicket: relay.perSocket / 1024, peer: bare.perSocket / 1024, target: { speed: 1 / 1.5, says: 'an idle socket takes at most 1.5 times the memory (speed 0.67)' } },
      { what: 'a new era: making it', unit: 'ms', thicket: covered.making, peer: sealedToEach.making },
      { what: 'a new era: bytes up, and down to each reader', unit: 'KB', thicket: covered.bytes / 1024, peer: sealedToEach.bytes / 1024 },
      { what: 'a new era: opening it', unit: 'ms', thicket: covered.opening, peer: sealedToEach.opening },
    ],
  };
}
