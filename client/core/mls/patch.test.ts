/**
 * What patches/ts-mls+1.6.4.patch corrects, one test each. Every one of them fails on the library as published.
 */
import type { CiphersuiteImpl, ClientState, GroupContext } from 'ts-mls';
import { createCommit } from 'ts-mls/createCommit.js';
import { deriveSecret } from 'ts-mls/crypto/kdf.js';
import { initializeEpoch } from 'ts-mls/keySchedule.js';
import { emptyPskIndex } from 'ts-mls/pskIndex.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { hex, sodiumReady } from '#shared/sodium.ts';
import type { Room } from './port.ts';
import { cryptoFor } from './provider.ts';
import { stateOf } from './room-state.ts';
import { anything, follow, HUB, mls, roomOf, somebody, SUITES } from './testing/story.ts';

beforeAll(sodiumReady);

/** Everybody in `rooms` follows a commit of one of them. */
async function all(rooms: Room[], committer: number, pending: Awaited<ReturnType<typeof mls.update>>): Promise<void> {
  for (const [i, room] of rooms.entries()) rooms[i] = i === committer ? pending.next : await follow(room, pending);
}

describe.each(SUITES)('ts-mls as patched, suite %s', (suite) => {
  it('unmerged leaves: a tree whose root was renewed after a leaf was added below is a valid tree (RFC 9420 section 12.4.3.1)', async () => {
    const { mailbox, rooms } = await roomOf(suite, ['a', 'b', 'c', 'd', 'e', 'f', 'g']);
    const [h, i] = [await somebody('h', suite), await somebody('i', suite)];
    await all(rooms, 4, await mls.update(rooms[4] as Room));
    const addH = await mls.add(rooms[0] as Room, [h.own.keyPackage]);
    await all(rooms, 0, addH);
    rooms.push((await mls.join(addH.welcomes[0] as Uint8Array, h.own, { mailbox, hub: HUB }, anything)).room);
    await all(rooms, 0, await mls.update(rooms[0] as Room));
    const addI = await mls.add(rooms[0] as Room, [i.own.keyPackage]);
    await all(rooms, 0, addI);
    const { room: joined } = await mls.join(addI.welcomes[0] as Uint8Array, i.own, { mailbox, hub: HUB }, anything);
    expect(joined.leaves).toHaveLength(9);
  });

  it('commit secret: one step after the last node of the filtered direct path, which need not be the root (section 7.4)', async () => {
    const { rooms } = await roomOf(suite, ['a', 'b', 'c', 'd', 'erin', 'frank']);
    // Only erin and frank stay, both in the right half: the root falls out of their filtered direct paths.
    const emptied = await mls.remove(rooms[4] as Room, [0, 1, 2, 3]);
    const frank = await follow(rooms[5] as Room, emptied);
    const { epochSecrets, state, ours } = await commitWithKnownRandomness(emptied.next, 1);
    expect(hex(state.keySchedule.exporterSecret)).toBe(hex(epochSecrets.keySchedule.exporterSecret));
    expect(hex((await mls.exportSecret(await follow(frank, ours), 'x', new Uint8Array(0), 32)))).toBe(hex(await mls.exportSecret(ours.next, 'x', new Uint8Array(0), 32)));
  });

  it('commit secret: a committer left alone still brings fresh randomness', async () => {
    const { rooms } = await roomOf(suite, ['alice', 'bob']);
    const alone = await mls.remove(rooms[0] as Room, [1]);
    const { epochSecrets, state } = await commitWithKnownRandomness(alone.next, 0);
    expect(hex(state.keySchedule.exporterSecret)).toBe(hex(epochSecrets.keySchedule.exporterSecret));
  });

  it('settings: a commit with a GroupContextExtensions proposal has a path (section 17.4), and everybody agrees on it', async () => {
    const { rooms } = await roomOf(suite, ['alice', 'bob', 'carol']);
    const before = stateOf(rooms[0] as Room).ratchetTree[0];
    const pending = await mls.changeSettings(rooms[0] as Room, (rooms[0] as Room).settings.slice());
    expect(stateOf(pending.next).ratchetTree[0]).not.toEqual(before);
    await all(rooms, 0, pending);
    const secrets = await Promise.all(rooms.map((room) => mls.exportSecret(room, 'x', new Uint8Array(0), 32)));
    expect(new Set(secrets.map(hex)).size).toBe(1);
  });
});

/**
 * An empty commit whose path secret we know, and the epoch that RFC 9420 section 7.4 says follows from it when
 * `nodes` nodes are on the committer's filtered direct path.
 */
async function commitWithKnownRandomness(room: Room, nodes: number) {
  const state = stateOf(room);
  const crypto = cryptoFor(room.suite);
  const known = new Uint8Array(crypto.kdf.size).fill(0x5a);
  const rigged: CiphersuiteImpl = { ...crypto, rng: { randomBytes: (n) => known.slice(0, n) } };
  const { newState } = await createCommit({ state, cipherSuite: rigged, pskIndex: emptyPskIndex }, {});
  let secret: Uint8Array = known;
  for (let step = 0; step <= nodes; step += 1) secret = await deriveSecret(secret, 'path', crypto.kdf);
  const epochSecrets = await epochAfter(state, secret, newState.groupContext, crypto);
  return { epochSecrets, state: newState, ours: await mls.update(room) };
}

const epochAfter = (state: ClientState, commitSecret: Uint8Array, context: GroupContext, crypto: CiphersuiteImpl) =>
  initializeEpoch(state.keySchedule.initSecret, commitSecret, context, new Uint8Array(crypto.kdf.size), crypto.kdf);
