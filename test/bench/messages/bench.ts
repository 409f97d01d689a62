/** Encrypting and decrypting a room message of 256 bytes, beside libsignal's sender keys. */
import type { Suite } from '#core/mls/port.ts';
import { randomBytes, sodiumReady } from '#shared/sodium.ts';
import { inTurns } from '../measure.ts';
import { versionOf } from '../peers.ts';
import type { Area, Row } from '../results.ts';
import { libsignalConversation } from './libsignal.ts';
import { thicketConversation } from './thicket.ts';

const BYTES = 256;
const SUITES: readonly (readonly [Suite, string])[] = [['xwing', 'X-Wing room'], ['classical', 'classical room']];
const TARGET = { speed: 0.5, says: '2.0 times the time at the start (speed 0.5), then its equal (1.0)' };

export async function messages(quick: boolean): Promise<Area> {
  await sodiumReady();
  const [rounds, count] = quick ? [5, 100] : [31, 200];
  const text = randomBytes(BYTES);
  const libsignal = await libsignalConversation(text, count);
  const ours = await Promise.all(SUITES.map(([suite]) => thicketConversation(suite, text, count)));
  const rows: Row[] = [];
  for (const operation of ['encrypt', 'decrypt'] as const) {
    const sides = [libsignal, ...ours].map((conversation) => conversation[operation]);
    await inTurns(sides, quick ? 2 : 6); // warm
    const [peer, ...timings] = await inTurns(sides, rounds);
    timings.forEach(({ wall, cpu }, index) => {
      rows.push({
        what: `${operation}, ${SUITES[index]?.[1]}`, unit: 'ms', thicket: wall, peer: peer?.wall, cpu: { thicket: cpu, peer: peer?.cpu }, target: TARGET,
      });
    });
  }
  return {
    name: 'messages',
    title: `A room message of ${BYTES} bytes`,
    peer: `libsignal sender keys, native (@signalapp/libsignal-client ${versionOf('@signalapp/libsignal-client')})`,
    how: [
      `Medians of ${rounds} rounds of ${count} messages, the sides taking turns.`,
      'Thicket: a whole record body of 1,024 bytes, with MLS framing and signature, padding and the outer seal; on opening, the sender is known and the padding checked.',
      'libsignal: the group cipher alone, its store a map in memory; no padding, no outer seal, no sender certificate.',
    ],
    rows,
  };
}
