import { expect, it } from 'vitest';
import { safetyFacts, safetyWords } from './safety-phrase.ts';

const key = (digit: number) => new Uint8Array(32).fill(digit);
const [hub, room] = [new Uint8Array(16).fill(1), new Uint8Array(16).fill(2)];
const alice = { memberKey: key(3), leafKeys: [key(5), key(4)] };
const bob = { memberKey: key(6), leafKeys: [key(7)] };

it('is over the same facts whoever asks, in whatever order their devices stand', () => {
  expect(safetyFacts(hub, room, [alice, bob])).toEqual(safetyFacts(hub, room, [bob, { ...alice, leafKeys: [key(4), key(5)] }]));
});

it('is another in another room or hub, with another person, and with a device more or less, whosever it is', () => {
  const facts = [
    safetyFacts(hub, room, [alice, bob]),
    safetyFacts(room, hub, [alice, bob]),
    safetyFacts(hub, room, [alice, { ...bob, memberKey: key(8) }]),
    safetyFacts(hub, room, [alice, { ...bob, leafKeys: [key(7), key(9)] }]),
    safetyFacts(hub, room, [{ ...alice, leafKeys: [key(5)] }, bob]),
    safetyFacts(hub, room, [{ ...alice, leafKeys: [key(5)] }, { ...bob, leafKeys: [key(4), key(7)] }]),
  ];
  expect(new Set(facts.map(String)).size).toBe(facts.length);
});

it('takes 66 bits into its words', () => {
  expect(safetyWords(new Uint8Array(16).fill(255))).toEqual(Array(6).fill('zoo'));
  expect(safetyWords(Uint8Array.from({ length: 16 }, (_, index) => (index === 8 ? 0b0100_0000 : 0)))).toEqual([...Array<string>(5).fill('abandon'), 'ability']);
});
