import { beforeAll, describe, expect, it } from 'vitest';
import { HANDSHAKE_BODY_SIZES, POST_BODY_SIZES } from '#shared/limits.ts';
import { equalBytes, sodiumReady, utf8 } from '#shared/sodium.ts';
import { MlsFailure, type Room } from './port.ts';
import { anything, follow, HUB, lenient, mls, nameOf, newMailbox, roomOf, settingsFor, somebody, SUITES, textOf } from './testing/story.ts';

beforeAll(sodiumReady);

const sizes = (bodies: readonly Uint8Array[]): number[] => bodies.map((body) => body.length);

describe.each(SUITES)('a room on suite %s', (suite) => {
  it('alice makes a room, adds bob, they talk, carol comes, bob goes', async () => {
    const alice = await somebody('alice', suite);
    const bob = await somebody('bob', suite);
    const carol = await somebody('carol', suite);
    const mailbox = newMailbox();
    const expected = { mailbox, hub: HUB };
    let aliceRoom = await mls.create(suite, mailbox, alice.own, settingsFor(mailbox));
    expect(aliceRoom).toMatchObject({ suite, epoch: 0, ownLeaf: 0, active: true });

    const addBob = await mls.add(aliceRoom, [bob.own.keyPackage]);
    aliceRoom = addBob.next;
    const judge = lenient();
    const joined = await mls.join(addBob.welcomes[0] as Uint8Array, bob.own, expected, judge);
    let bobRoom = joined.room;
    expect(nameOf(joined.signer)).toBe('alice');
    expect(judge.leaves.map(nameOf)).toEqual(['alice', 'bob']);
    expect(bobRoom.settings).toEqual(settingsFor(mailbox));

    for (const text of ['hello', 'are you there?', 'x'.repeat(5000)]) {
      const { body, next } = await mls.encrypt(aliceRoom, utf8(text));
      aliceRoom = next;
      expect(POST_BODY_SIZES).toContain(body.length);
      const opened = await mls.open(bobRoom, 'post', body, anything);
      expect(textOf(opened)).toBe(`alice: ${text}`);
      if (opened.kind === 'message') bobRoom = opened.next;
      // A second copy opens nothing.
      expect(await mls.open(bobRoom, 'post', body, anything)).toMatchObject({ kind: 'refused', why: 'unreadable' });
    }

    const addCarol = await mls.add(bobRoom, [carol.own.keyPackage]);
    aliceRoom = await follow(aliceRoom, addCarol);
    const entered = await mls.join(addCarol.welcomes[0] as Uint8Array, carol.own, expected, anything);
    let carolRoom = entered.room;
    expect(entered.signer, 'whoever added carol, not the founder').toEqual(bobRoom.leaves[1]);
    bobRoom = addCarol.next;
    for (const room of [aliceRoom, bobRoom, carolRoom]) expect(room.leaves.map(nameOf)).toEqual(['alice', 'bob', 'carol']);

    const removal = await mls.remove(aliceRoom, [1]);
    expect(HANDSHAKE_BODY_SIZES).toContain(removal.body.length);
    carolRoom = await follow(carolRoom, removal);
    bobRoom = await follow(bobRoom, removal);
    aliceRoom = removal.next;
    expect(bobRoom.active).toBe(false);
    await expect(mls.encrypt(bobRoom, utf8('still here'))).rejects.toMatchObject({ code: 'not-active' });
    const { body } = await mls.encrypt(aliceRoom, utf8('just us'));
    expect(textOf(await mls.open(carolRoom, 'post', body, anything))).toBe('alice: just us');
    expect(await mls.open(bobRoom, 'post', body, anything)).toMatchObject({ kind: 'refused', why: 'unreadable' });
  });

  it('everybody has the same post key, and another one in every epoch', async () => {
    const { rooms } = await roomOf(suite, ['alice', 'bob', 'carol']);
    const keys = await Promise.all(rooms.map(async (room) => (await mls.postKey(room)).verifyKey));
    expect(keys.every((key) => equalBytes(key, keys[0] as Uint8Array))).toBe(true);
    const update = await mls.update(rooms[1] as Room);
    const later = await mls.postKey(await follow(rooms[0] as Room, update));
    expect(later.verifyKey).toEqual((await mls.postKey(update.next)).verifyKey);
    expect(later.verifyKey).not.toEqual(keys[0]);
    expect(later.sign(utf8('x'))).toHaveLength(64);
  });

  it('settings change for everybody, in a commit of their own', async () => {
    const { mailbox, rooms } = await roomOf(suite, ['alice', 'bob']);
    const renamed = settingsFor(mailbox, 'the neighbours');
    const pending = await mls.changeSettings(rooms[0] as Room, renamed);
    const judge = lenient();
    const opened = await mls.open(rooms[1] as Room, 'commit', pending.body, judge);
    expect(opened.kind).toBe('commit');
    expect(judge.changes[0]).toMatchObject({ added: [], removed: [], settingsAfter: renamed, settingsBefore: settingsFor(mailbox) });
    // RFC 9420 section 17.4 asks for a path here: the committer's leaf has a new encryption key, and nothing else of it changed.
    const [own] = judge.changes[0]?.replaced ?? [];
    expect(own?.after).toEqual(own?.before);
    expect(pending.next.settings).toEqual(renamed);
  });

  it('a drop reaches exactly the newcomer it is for', async () => {
    const bob = await somebody('bob', suite);
    const carol = await somebody('carol', suite);
    const body = await mls.sealDrop(bob.own.keyPackage, utf8('come in'));
    expect(HANDSHAKE_BODY_SIZES).toContain(body.length);
    expect(body.subarray(0, 8)).toEqual(bob.own.tag);
    expect(await mls.openDrop(bob.own, body)).toEqual(utf8('come in'));
    expect(await mls.openDrop(carol.own, body)).toBeUndefined();
    expect(await mls.openDrop({ ...carol.own, tag: bob.own.tag }, body)).toBeUndefined();
    body[5000] = (body[5000] as number) ^ 1;
    expect(await mls.openDrop(bob.own, body)).toBeUndefined();
  });

  it('a state put away and taken out again goes on where it was', async () => {
    const { rooms } = await roomOf(suite, ['alice', 'bob', 'carol']);
    let [aliceRoom, bobRoom] = rooms as [Room, Room];
    for (let epoch = 0; epoch < 3; epoch += 1) {
      const { body, next } = await mls.encrypt(aliceRoom, utf8(`epoch ${epoch}`));
      aliceRoom = mls.decode(mls.encode(next));
      const opened = await mls.open(mls.decode(mls.encode(bobRoom)), 'post', body, anything);
      expect(textOf(opened)).toBe(`alice: epoch ${epoch}`);
      if (opened.kind === 'message') bobRoom = opened.next;
      const update = await mls.update(aliceRoom);
      bobRoom = mls.decode(mls.encode(await follow(bobRoom, update)));
      aliceRoom = mls.decode(mls.encode(update.next));
      expect(aliceRoom).toMatchObject({ suite, epoch: epoch + 2, ownLeaf: 0, active: true });
    }
  });

  it('a tree encoded from what changed is the tree encoded afresh', async () => {
    const { people, rooms } = await roomOf(suite, ['alice', 'bob', 'carol', 'dana', 'eve']);
    expect(people.length).toBe(5);
    let room = rooms[0] as Room;
    const frank = await somebody('frank', suite);
    for (const change of [(r: Room) => mls.update(r), (r: Room) => mls.remove(r, [2]), (r: Room) => mls.add(r, [frank.own.keyPackage]), (r: Room) => mls.remove(r, [4])]) {
      const before = mls.encode(room);
      room = (await change(room)).next;
      const encoded = mls.encode(room);
      expect(encoded.tree).not.toEqual(before.tree);
      expect(mls.encode(mls.decode({ tree: encoded.tree.slice(), state: encoded.state })).tree).toEqual(encoded.tree);
    }
  });

  it('a tree of another epoch is not taken for the state’s own', async () => {
    const { rooms } = await roomOf(suite, ['alice', 'bob']);
    const before = mls.encode(rooms[0] as Room);
    const after = mls.encode((await mls.update(rooms[0] as Room)).next);
    expect(() => mls.decode({ tree: before.tree, state: after.state })).toThrow(MlsFailure);
    expect(() => mls.decode({ tree: new Uint8Array(3), state: after.state })).toThrow(MlsFailure);
    expect(() => mls.decode({ tree: after.tree, state: after.state.subarray(0, 40) })).toThrow(MlsFailure);
  });

  it('a Welcome for somebody else, for another room, or of another hub opens nothing', async () => {
    const alice = await somebody('alice', suite);
    const bob = await somebody('bob', suite);
    const carol = await somebody('carol', suite);
    const mailbox = newMailbox();
    const room = await mls.create(suite, mailbox, alice.own, settingsFor(mailbox));
    const { welcomes } = await mls.add(room, [bob.own.keyPackage, carol.own.keyPackage]);
    const [forBob, forCarol] = welcomes as [Uint8Array, Uint8Array];
    const join = (welcome: Uint8Array, own = bob.own, to = { mailbox, hub: HUB }) => mls.join(welcome, own, to, anything);
    await expect(join(forCarol)).rejects.toMatchObject({ code: 'unreadable-welcome' });
    await expect(join(forBob.subarray(0, 100))).rejects.toMatchObject({ code: 'unreadable-welcome' });
    await expect(join(forBob, bob.own, { mailbox: newMailbox(), hub: HUB })).rejects.toMatchObject({ code: 'foreign-welcome' });
    await expect(join(forBob, bob.own, { mailbox, hub: new Uint8Array(16) as typeof HUB })).rejects.toMatchObject({ code: 'foreign-welcome' });
    await expect(mls.join(forBob, bob.own, { mailbox, hub: HUB }, { ...anything, leaf: (leaf) => (nameOf(leaf) === 'carol' ? 'ghost' : undefined) }))
      .rejects.toMatchObject({ code: 'judged', message: 'judged: ghost' });
    expect((await join(forBob)).room.leaves).toHaveLength(3);
  });

  it('only sound key packages are added', async () => {
    const { rooms, people } = await roomOf(suite, ['alice', 'bob']);
    const room = rooms[0] as Room;
    const other = await somebody('carol', suite === 'xwing' ? 'classical' : 'xwing');
    const expired = await mls.newKeyPackage(suite, utf8('dan'), (await somebody('dan', suite)).keys, -3);
    const bloated = await mls.newKeyPackage(suite, new Uint8Array(5000), (await somebody('fay', suite)).keys, 30);
    const good = (await somebody('erin', suite)).own.keyPackage;
    const broken = good.slice();
    broken[60] = (broken[60] as number) ^ 1;
    const add = (...packages: Uint8Array[]) => mls.add(room, packages);
    for (const packages of [[other.own.keyPackage], [expired.keyPackage], [bloated.keyPackage], [broken], [good, good], [people[1]?.own.keyPackage as Uint8Array], [new Uint8Array(5)]]) {
      await expect(add(...packages)).rejects.toMatchObject({ code: 'invalid-key-package' });
    }
    expect(await mls.inspectKeyPackage(expired.keyPackage)).toBeUndefined();
    // A drop may be late: its newcomer was added while the package was good.
    expect(await mls.openDrop(expired, await mls.sealDrop(expired.keyPackage, utf8('late')))).toEqual(utf8('late'));
    await expect(mls.sealDrop(broken, utf8('late'))).rejects.toMatchObject({ code: 'invalid-key-package' });
    expect(await mls.inspectKeyPackage(good)).toMatchObject({ suite, leaf: { index: -1, credential: utf8('erin') } });
    expect((await add(good)).next.leaves).toHaveLength(3);
  });

  it('bodies come in the allowed sizes only, and what fits none is refused', async () => {
    const { rooms } = await roomOf(suite, ['alice']);
    const bodies = await Promise.all([0, 200, 700, 3000, 60_000].map(async (n) => (await mls.encrypt(rooms[0] as Room, new Uint8Array(n))).body));
    expect(sizes(bodies)).toEqual([1024, 1024, 1024, 4096, 65536]);
    await expect(mls.encrypt(rooms[0] as Room, new Uint8Array(66_000))).rejects.toMatchObject({ code: 'too-long' });
  });
});
