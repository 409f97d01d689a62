/**
 * The attacks of the threat model that are fought at this level. Mallory is a member unless a test says otherwise, so she
 * has every key of the room; what she has not is anybody else's signature key, nor the rules' consent.
 */
import { createGroupInfoWithExternalPubAndRatchetTree, joinGroupExternal } from 'ts-mls/createCommit.js';
import { proposeAddExternal } from 'ts-mls';
import { decodeMlsMessage } from 'ts-mls/message.js';
import { unprotectPrivateMessage } from 'ts-mls/messageProtection.js';
import { initializeEpoch } from 'ts-mls/keySchedule.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { hex, randomBytes, sodiumReady, utf8 } from '#shared/sodium.ts';
import { unwrap, wrap } from './envelope.ts';
import { adding, bentCommit, keyPackageFrom, messageAs, pathlessCommit, removing, standaloneProposal, withOwnLeaf, wrapMessage } from './testing/hostile.ts';
import { openOwn } from './key-packages.ts';
import type { Judge, Leaf, Room } from './port.ts';
import { cryptoFor } from './provider.ts';
import { CLIENT_CONFIG, stateOf } from './room-state.ts';
import { anything, follow, lenient, mls, nameOf, roomOf, seeded, somebody, SUITES, textOf, type Somebody } from './testing/story.ts';

beforeAll(sodiumReady);

/** Stands in for certificates: a name is good with the leaf key it was certified with. Only alice may add, remove or rename. */
function rules(people: readonly Somebody[]): Judge {
  const certified = new Map(people.map(({ name, keys }) => [name, hex(keys.verifyKey)]));
  return {
    leaf: (leaf) => {
      const key = certified.get(nameOf(leaf));
      if (key === undefined) return 'ghost';
      return key === hex(leaf.leafKey) ? undefined : 'swapped-credential';
    },
    change: ({ committer, added, removed }) => (added.length + removed.length > 0 && nameOf(committer) !== 'alice' ? 'not-admin' : undefined),
  };
}

/** The room of those who refused works on as if nothing had been. */
async function worksOn(aliceRoom: Room, bobRoom: Room): Promise<void> {
  const update = await mls.update(aliceRoom);
  const bobNext = await follow(bobRoom, update);
  const { body } = await mls.encrypt(update.next, utf8('still here'));
  expect(textOf(await mls.open(bobNext, 'post', body, anything))).toBe('alice: still here');
}

const exported = async (room: Room): Promise<string> => hex(await mls.exportSecret(room, 'test', new Uint8Array(0), 32));

describe.each(SUITES)('suite %s', (suite) => {
  it('attack 01 ghost member: a commit that adds an uncertified leaf is refused by name, and the room works on', async () => {
    const { people, rooms } = await roomOf(suite, ['alice', 'bob', 'mallory']);
    const [alice, bob, mallory] = rooms as [Room, Room, Room];
    const ghost = await somebody('casper', suite);
    const pending = await mls.add(mallory, [ghost.own.keyPackage]);
    for (const room of [alice, bob]) {
      const seen: Leaf[] = [];
      const judge = { ...rules(people), leaf: (leaf: Leaf) => (seen.push(leaf), rules(people).leaf(leaf)) };
      const opened = await mls.open(room, 'commit', pending.body, judge);
      expect(opened).toMatchObject({ kind: 'refused', why: 'judged', reason: 'ghost' });
      if (opened.kind === 'refused') expect(nameOf(opened.by as Leaf)).toBe('mallory');
      expect(seen.map(nameOf)).toEqual(['casper']);
      expect(seen[0]?.leafKey).toEqual(ghost.keys.verifyKey);
    }
    await worksOn(alice, bob);
  });

  it('attack 02 credential swap: a leaf that takes another’s credential is refused', async () => {
    const { people, rooms } = await roomOf(suite, ['alice', 'bob', 'mallory']);
    const [alice, bob, mallory] = rooms as [Room, Room, Room];
    const aliceCredential = { credentialType: 'basic' as const, identity: utf8('alice') };
    const body = await bentCommit(mallory, [], (state) => withOwnLeaf(state, () => ({ credential: aliceCredential })));
    const judge = lenient();
    const honest = await mls.open(bob, 'commit', body, judge);
    expect(honest.kind).toBe('commit');
    expect(judge.changes[0]?.replaced.map(({ before, after }) => [nameOf(before), nameOf(after), after.index])).toEqual([['mallory', 'alice', 2]]);
    for (const room of [alice, bob]) {
      expect(await mls.open(room, 'commit', body, rules(people))).toMatchObject({ kind: 'refused', why: 'judged', reason: 'swapped-credential' });
    }
    await worksOn(alice, bob);
  });

  it('attack 03 unauthorised commit: a removal by somebody who may not is refused by everybody', async () => {
    const { people, rooms } = await roomOf(suite, ['alice', 'bob', 'mallory']);
    const [alice, bob, mallory] = rooms as [Room, Room, Room];
    const pending = await mls.remove(mallory, [0]);
    for (const room of [alice, bob]) {
      expect(await mls.open(room, 'commit', pending.body, rules(people))).toMatchObject({ kind: 'refused', why: 'judged', reason: 'not-admin' });
    }
    expect(alice.active).toBe(true);
    await worksOn(alice, bob);
  });

  it.each([2, 3, 5])('attack 04 removed member reads: after one removal from a room of %i the removed one has nothing', async (size) => {
    const { rooms } = await roomOf(suite, ['alice', 'mallory', 'carol', 'dan', 'erin'].slice(0, size));
    const [alice, mallory, carol] = rooms as [Room, Room, Room | undefined];
    const removal = await mls.remove(alice, [1]);
    const crypto = cryptoFor(suite);
    const old = stateOf(mallory);

    // The commit has a path: mallory can still read this one.
    const commit = decodeMlsMessage(await unwrap(old, 'commit', removal.body) as Uint8Array, 0)?.[0];
    if (commit?.wireformat !== 'mls_private_message') throw new Error('not a private message');
    const { content } = await unprotectPrivateMessage(
      old.keySchedule.senderDataSecret, commit.privateMessage, old.secretTree, old.ratchetTree, old.groupContext, CLIENT_CONFIG.keyRetentionConfig, crypto,
    );
    expect(content.content.contentType === 'commit' && content.content.commit.path).toBeTruthy();

    // Everything she knows, and everything public about the next epoch, do not make its secrets.
    const zeros = new Uint8Array(crypto.kdf.size);
    const guessed = await initializeEpoch(old.keySchedule.initSecret, zeros, stateOf(removal.next).groupContext, zeros, crypto.kdf);
    expect(hex(guessed.keySchedule.exporterSecret)).not.toBe(hex(stateOf(removal.next).keySchedule.exporterSecret));
    const gone = await mls.open(mallory, 'commit', removal.body, anything);
    expect(gone).toMatchObject({ kind: 'commit', next: { active: false } });
    if (gone.kind === 'commit') expect(gone.change.removed.map(nameOf)).toEqual(['mallory']);
    expect(await exported(mallory)).not.toBe(await exported(removal.next));
    expect((await mls.postKey(mallory)).verifyKey).not.toEqual((await mls.postKey(removal.next)).verifyKey);

    const { body, next } = await mls.encrypt(removal.next, utf8('she is gone'));
    expect(await mls.open(mallory, 'post', body, anything)).toMatchObject({ kind: 'refused', why: 'unreadable', reason: 'outer-seal' });
    const inner = decodeMlsMessage(await unwrap(stateOf(next), 'post', body) as Uint8Array, 0)?.[0];
    if (inner?.wireformat !== 'mls_private_message') throw new Error('not a private message');
    // Even if the outer seal were given to her.
    await expect(unprotectPrivateMessage(
      old.keySchedule.senderDataSecret, inner.privateMessage, old.secretTree, old.ratchetTree, old.groupContext, CLIENT_CONFIG.keyRetentionConfig, crypto,
    )).rejects.toThrow();
    if (carol !== undefined) {
      const there = await follow(carol, removal);
      expect(await exported(there)).toBe(await exported(removal.next));
      expect(textOf(await mls.open(there, 'post', body, anything))).toBe('alice: she is gone');
    }
  });

  it('attack 04 removed member reads: a removal without a path is refused, whoever signs it', async () => {
    const { rooms } = await roomOf(suite, ['alice', 'bob', 'mallory', 'nina']);
    const body = await pathlessCommit(rooms[2] as Room, [removing(3)]);
    for (const room of [rooms[0], rooms[1]] as Room[]) {
      expect(await mls.open(room, 'commit', body, anything)).toMatchObject({ kind: 'refused', why: 'judged', reason: 'no-path' });
    }
    await worksOn(rooms[0] as Room, rooms[1] as Room);
  });

  it('attack 13 impersonation inside a room: a message with another’s leaf and one’s own signature is refused', async () => {
    const { rooms } = await roomOf(suite, ['alice', 'bob', 'mallory']);
    const [alice, bob, mallory] = rooms as [Room, Room, Room];
    const body = await messageAs(mallory, 0, 'I, alice, resign');
    expect(await mls.open(bob, 'post', body, anything)).toMatchObject({ kind: 'refused', why: 'unreadable', by: undefined });
    // The same words under her own leaf are hers.
    expect(textOf(await mls.open(bob, 'post', await messageAs(mallory, 2, 'I, alice, resign'), anything))).toBe('mallory: I, alice, resign');
    await worksOn(alice, bob);
  });

  it('attack 13 impersonation inside a room: a commit with another’s leaf and one’s own signature is refused', async () => {
    const { rooms } = await roomOf(suite, ['alice', 'bob', 'mallory', 'nina']);
    const [alice, bob, mallory] = rooms as [Room, Room, Room];
    const body = await bentCommit(mallory, [removing(3)], (state) => ({ ...state, privatePath: { ...state.privatePath, leafIndex: 0 } }));
    expect(await mls.open(bob, 'commit', body, anything)).toMatchObject({ kind: 'refused', why: 'unreadable', by: undefined });
    await worksOn(alice, bob);
  });

  it('attack 15 external commit: ignored, even when a member lends the outer seal', async () => {
    const { rooms } = await roomOf(suite, ['alice', 'bob', 'mallory']);
    const [alice, bob, mallory] = rooms as [Room, Room, Room];
    const crypto = cryptoFor(suite);
    const outsider = await somebody('outsider', suite);
    const info = await createGroupInfoWithExternalPubAndRatchetTree(stateOf(mallory), [], crypto);
    const { publicMessage } = await joinGroupExternal(info, keyPackageFrom(outsider.own.keyPackage), openOwn(outsider.own).secret, false, crypto, undefined, CLIENT_CONFIG);
    const message = { version: 'mls10' as const, wireformat: 'mls_public_message' as const, publicMessage };
    const body = await wrapMessage(mallory, 'commit', message);
    const judge = lenient();
    expect(await mls.open(bob, 'commit', body, judge)).toMatchObject({ kind: 'refused', why: 'forbidden-kind', reason: 'mls_public_message' });
    expect(judge.leaves).toEqual([]);
    await worksOn(alice, bob);
  });

  it('attack 15 external commit: proposals from outside, and proposals on their own, are ignored too', async () => {
    const { rooms } = await roomOf(suite, ['alice', 'bob', 'mallory']);
    const [alice, bob, mallory] = rooms as [Room, Room, Room];
    const outsider = await somebody('outsider', suite);
    const info = await createGroupInfoWithExternalPubAndRatchetTree(stateOf(mallory), [], cryptoFor(suite));
    const external = await proposeAddExternal(info, keyPackageFrom(outsider.own.keyPackage), openOwn(outsider.own).secret, cryptoFor(suite));
    for (const body of [await wrapMessage(mallory, 'commit', external), await standaloneProposal(mallory, removing(0)), await standaloneProposal(mallory, adding(outsider.own.keyPackage))]) {
      expect(await mls.open(bob, 'commit', body, anything)).toMatchObject({ kind: 'refused', why: 'forbidden-kind' });
    }
    // Bob's own next commit must not pick up what was proposed.
    const update = await mls.update(bob);
    expect(update.next.leaves.map(nameOf)).toEqual(['alice', 'bob', 'mallory']);
    await follow(alice, update);
  });

  it('attack 16 foreign Welcome: a Welcome changed on the way, or made for another key package of the same person, opens nothing', async () => {
    const { mailbox, rooms } = await roomOf(suite, ['alice', 'mallory']);
    const bob = await somebody('bob', suite);
    const later = { ...bob, own: await mls.newKeyPackage(suite, utf8('bob'), bob.keys, 30) };
    const { welcomes } = await mls.add(rooms[0] as Room, [bob.own.keyPackage]);
    const welcome = welcomes[0] as Uint8Array;
    const expected = { mailbox, hub: new Uint8Array(16).fill(7) as never };
    await expect(mls.join(welcome, later.own, expected, anything)).rejects.toMatchObject({ code: 'unreadable-welcome' });
    for (const at of [40, welcome.length - 5]) {
      const changed = welcome.slice();
      changed[at] = (changed[at] as number) ^ 1;
      await expect(mls.join(changed, bob.own, expected, anything)).rejects.toMatchObject({ code: 'unreadable-welcome' });
    }
  });

  it('attack 35 malformed input: 300 mutated bodies are refused with a reason, and leave the room as it was', async () => {
    const { rooms } = await roomOf(suite, ['alice', 'bob', 'mallory']);
    const [alice, bob, mallory] = rooms as [Room, Room, Room];
    const commit = (await mls.update(mallory)).body;
    const inner = await unwrap(stateOf(mallory), 'commit', commit) as Uint8Array;
    const random = seeded();
    for (let i = 0; i < 150; i += 1) {
      const changed = inner.slice(0, i % 3 === 0 ? random(inner.length) : inner.length);
      const at = random(changed.length);
      if (changed.length > 0) changed[at] = (changed[at] as number) ^ (1 + random(255));
      expect((await mls.open(bob, 'commit', await wrap(stateOf(mallory), 'commit', changed), anything)).kind).toBe('refused');
      expect((await mls.open(bob, 'post', randomBytes(1024), anything)).kind).toBe('refused');
    }
    await worksOn(alice, bob);
  });
});
