/** One room's chat to 500 sockets: the relay with everything it does, beside a bare `ws` broadcast that keeps nothing. */
import { randomBytes, sodiumReady } from '#shared/sodium.ts';
import { POST_BODY_SIZES } from '#shared/limits.ts';
import { median } from '../measure.ts';
import { versionOf } from '../peers.ts';
import type { Area } from '../results.ts';
import { eventOf, idleBytes, Readers, type Measured } from './apart.ts';
import { bareServer } from './bare.ts';
import { relayServer } from './relay.ts';
import { clock, type Server } from './wire.ts';

const SOCKETS = 500;
const IDLE_SOCKETS = 2000;
const IN_FLIGHT = 64;
const PACE_MS = 50;

interface Plan {
  readonly rounds: number;
  /** Records of one round at full speed, and of one at a steady pace. */
  readonly full: number;
  readonly steady: number;
}
const WHOLE: Plan = { rounds: 7, full: 1000, steady: 100 };
const QUICK: Plan = { rounds: 2, full: 300, steady: 40 };

interface Found {
  readonly bytes: number;
  readonly rates: number[];
  readonly p50: number[];
  readonly p99: number[];
  readonly fullP50: number[];
  readonly fullP99: number[];
}

export async function fanout(quick: boolean): Promise<Area> {
  await sodiumReady();
  const plan = quick ? QUICK : WHOLE;
  const bodies = Array.from({ length: (plan.rounds + 1) * (plan.full + plan.steady) }, () => randomBytes(POST_BODY_SIZES[0]));
  const relay = await relayServer(bodies, IN_FLIGHT);
  const bare = await bareServer(bodies.map((body, index) => eventOf(relay.mailbox, body, index)));
  const readers = new Readers();
  try {
    const sides: [Server, string][] = [[relay, 'relay'], [bare, 'bare']];
    const memory = [await idleBytes(relay, readers, IDLE_SOCKETS), await idleBytes(bare, readers, IDLE_SOCKETS)];
    const found = sides.map((_, index): Found => ({ bytes: memory[index] as number, rates: [], p50: [], p99: [], fullP50: [], fullP99: [] }));
    for (const [server, name] of sides) await readers.open(server, name, SOCKETS);
    let next = 0;
    for (let round = 0; round <= plan.rounds; round += 1) {
      for (const index of round % 2 === 0 ? [0, 1] : [1, 0]) {
        const [server, name] = sides[index] as [Server, string];
        const full = await readers.measure(name, plan.full, (sentAt) => atFullSpeed(server, next, plan.full, sentAt));
        const steady = await readers.measure(name, plan.steady, (sentAt) => atSteadyPace(server, next + plan.full, plan.steady, sentAt));
        if (round > 0) note(found[index] as Found, full, steady);
      }
      next += plan.full + plan.steady;
    }
    return area(plan, found[0] as Found, found[1] as Found);
  } finally {
    readers.stop();
    await bare.stop();
    await relay.stop();
  }
}

/** As fast as the server takes them, IN_FLIGHT at a time. */
async function atFullSpeed(server: Server, first: number, count: number, sentAt: number[]): Promise<void> {
  let sent = 0;
  const poster = async (): Promise<void> => {
    while (sent < count) {
      const index = sent;
      sent += 1;
      sentAt[index] = clock();
      await server.post(first + index);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, poster));
}

async function atSteadyPace(server: Server, first: number, count: number, sentAt: number[]): Promise<void> {
  const began = clock();
  const posts: Promise<void>[] = [];
  for (let index = 0; index < count; index += 1) {
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, began + index * PACE_MS - clock())));
    sentAt[index] = clock();
    posts.push(server.post(first + index));
  }
  await Promise.all(posts);
}

function note(found: Found, full: Measured, steady: Measured): void {
  found.rates.push(full.deliveries / full.seconds);
  found.fullP50.push(full.p50);
  found.fullP99.push(full.p99);
  found.p50.push(steady.p50);
  found.p99.push(steady.p99);
}

function area(plan: Plan, relay: Found, bare: Found): Area {
  const pair = (pick: (found: Found) => number[]) => ({ thicket: median(pick(relay)), peer: median(pick(bare)) });
  const near = { speed: 1 / 1.5, says: 'p99 within 1.5 times that of ws (speed 0.67)' };
  return {
    name: 'fanout',
    title: `Fan-out to ${SOCKETS} sockets, records of ${POST_BODY_SIZES[0]} bytes`,
    peer: `a bare ws ${versionOf('ws')} broadcast of the same bytes, nothing stored`,
    how: [
      `The relay in a process of its own on its embedded PostgreSQL, every record on disk before it is acknowledged or sent on; the bare server in a process of its own, fed through a socket. One process reads for both, one posts for both; medians of ${plan.rounds} rounds, the sides taking turns.`,
      `At full speed: ${plan.full} records a round, ${IN_FLIGHT} on their way at a time, from the first post to the last delivery. At a steady pace: one record every ${PACE_MS} ms, from the post to each delivery.`,
      `An idle socket: growth of the server's resident memory over ${IDLE_SOCKETS.toLocaleString('en')} sockets, garbage collected before and after.`,
    ],
    rows: [
      { what: 'deliveries a second, full speed', unit: '/s', ...pair(({ rates }) => rates), target: { speed: 0.8, says: 'deliveries a second at least 0.8 of a bare ws broadcast' } },
      { what: 'latency p50, steady pace', unit: 'ms', ...pair(({ p50 }) => p50) },
      { what: 'latency p99, steady pace', unit: 'ms', ...pair(({ p99 }) => p99), target: near },
      { what: 'latency p50, full speed', unit: 'ms', ...pair(({ fullP50 }) => fullP50) },
      { what: 'latency p99, full speed', unit: 'ms', ...pair(({ fullP99 }) => fullP99), target: near },
      { what: 'memory of an idle socket', unit: 'KB', thicket: relay.bytes / 1024, peer: bare.bytes / 1024, target: { speed: 1 / 1.5, says: 'an idle socket takes at most 1.5 times the memory (speed 0.67)' } },
    ],
  };
}
