/** The traps of ts-mls 1.6.4 that the wrapper closes, apart from those the patch corrects (patch.test.ts). */
import type { ClientState, Proposal } from 'ts-mls';
import { createProposal } from 'ts-mls/createMessage.js';
import { createCommit } from 'ts-mls/createCommit.js';
import { emptyPskIndex } from 'ts-mls/pskIndex.js';
import { encodeKeyPackage, generateKeyPackageWithKey } from 'ts-mls/keyPackage.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { ed25519KeyPair, equalBytes, sodiumReady, utf8 } from '#shared/sodium.ts';
import { changeBetween, unsoundness } from './changes.ts';
import { adding, bentCommit, keyPackageFrom, messageAs, removing, withOwnLeaf, wrapMessage } from './testing/hostile.ts';
import type { Room } from './port.ts';
import { cryptoFor } from './provider.ts';
import { stateOf } from './room-state.ts';
import { SETTINGS_EXTENSION } from './settings.ts';
import { anything, follow, mls, roomOf, settingsFor, somebody, SUITES, textOf } from './testing/story.ts';

beforeAll(sodiumReady);

const extensions = (...list: { extensionType: number | 'required_capabilities'; extensionData: Uint8Array }[]): Proposal =>
  ({ proposalType: 'group_context_extensions', groupContextExtensions: { extensions: list } });
const settings = (room: Room, name: string) => ({ extensionType: SETTINGS_EXTENSION, extensionData: settingsFor(stateOf(room).groupContext.groupId as never, name) });

describe.each(SUITES)('suite %s', (suite) => {
  it('one kind of change a commit: everything mixed is refused', async () => {
    const { rooms } = await roomOf(suite, ['alice', 'bob', 'mallory', 'nina']);
    const [alice, , mallory] = rooms as [Room, Room, Room];
    const olga = (await somebody('olga', suite)).own.keyPackage;
    const mixtures: Proposal[][] = [
      [adding(olga), removing(3)],
      [removing(3), extensions(settings(mallory, 'mine'))],
      [adding(olga), extensions(settings(mallory, 'mine'))],
      [extensions()],
      [extensions(settings(mallory, 'mine'), { extensionType: 'required_capabilities', extensionData: new Uint8Array(3) })],
      [extensions(settings(mallory, 'mine'), settings(mallory, 'and mine again'))],
    ];
    for (const mixture of mixtures) {
      const opened = await mls.open(alice, 'commit', await bentCommit(mallory, mixture), anything);
      expect(opened).toMatchObject({ kind: 'refused', why: 'judged' });
      if (opened.kind === 'refused') expect(opened.reason).toMatch(/^mixed-change/);
    }
    expect((await follow(alice, await mls.update(mallory))).epoch).toBe(2);
  });

  it('a reused leaf is seen for what it is, whatever the proposals say', async () => {
    const { rooms } = await roomOf(suite, ['alice', 'bob', 'mallory', 'nina']);
    const [alice, , mallory] = rooms as [Room, Room, Room];
    const olga = (await somebody('olga', suite)).own.keyPackage;
    const { newState } = await createCommit(
      { state: stateOf(mallory), cipherSuite: cryptoFor(suite), pskIndex: emptyPskIndex }, { extraProposals: [removing(3), adding(olga)] },
    );
    const change = changeBetween(stateOf(alice), newState, 2);
    if (change === undefined) throw new Error('no change');
    expect(change).toMatchObject({ added: [], removed: [] });
    expect(change.replaced.map(({ before }) => before.index)).toEqual([2, 3]);
    expect(unsoundness(change, newState.ratchetTree, suite)).toBe('mixed-change: leaf of another');
  });

  it('proposals by reference and pre-shared keys are refused by kind', async () => {
    const { rooms } = await roomOf(suite, ['alice', 'bob', 'mallory']);
    const [alice, , mallory] = rooms as [Room, Room, Room];
    const crypto = cryptoFor(suite);
    const { newState } = await createProposal(stateOf(mallory), false, removing(1), crypto);
    const byReference = await createCommit({ state: newState, cipherSuite: crypto, pskIndex: emptyPskIndex }, {});
    const body = await wrapMessage(mallory, 'commit', byReference.commit);
    expect(await mls.open(alice, 'commit', body, anything)).toMatchObject({ kind: 'refused', why: 'forbidden-kind', reason: 'proposal-by-reference' });

    const psk: Proposal = { proposalType: 'psk', psk: { preSharedKeyId: { psktype: 'external', pskId: utf8('x'), pskNonce: new Uint8Array(crypto.kdf.size) } } };
    const withPsk = await createCommit({ state: stateOf(mallory), cipherSuite: crypto, pskIndex: { findPsk: () => new Uint8Array(32) } }, { extraProposals: [psk] });
    expect(await mls.open(alice, 'commit', await wrapMessage(mallory, 'commit', withPsk.commit), anything))
      .toMatchObject({ kind: 'refused', why: 'forbidden-kind', reason: 'proposal-psk' });

    const reinit: Proposal = { proposalType: 'reinit', reinit: { groupId: utf8('new'), version: 'mls10', cipherSuite: crypto.name, extensions: [] } };
    expect(await mls.open(alice, 'commit', await bentCommit(mallory, [reinit]), anything))
      .toMatchObject({ kind: 'refused', why: 'forbidden-kind', reason: 'proposal-reinit' });
  });

  it('a commit does not pass as a post, nor a message as a commit', async () => {
    const { rooms } = await roomOf(suite, ['alice', 'bob']);
    const [alice, bob] = rooms as [Room, Room];
    expect(await mls.open(alice, 'commit', await messageAs(bob, 1, 'hello', 'commit'), anything)).toMatchObject({ kind: 'refused', why: 'forbidden-kind' });
    const { body } = await mls.encrypt(bob, new Uint8Array(16_000));
    expect(body).toHaveLength(16 * 1024);
    expect(await mls.open(alice, 'commit', body.slice(), anything)).toMatchObject({ kind: 'refused', why: 'unreadable' });
  });

  it('a leaf key that is somebody’s already is refused: the library does not compare new leaves with the tree', async () => {
    const { rooms } = await roomOf(suite, ['alice', 'bob', 'mallory']);
    const [alice, , mallory] = rooms as [Room, Room, Room];
    const bobsKey = stateOf(alice).ratchetTree[2];
    if (bobsKey?.nodeType !== 'leaf') throw new Error('no leaf');
    const crypto = cryptoFor(suite);
    const stolen = { ...crypto, hpke: { ...crypto.hpke, generateKeyPair: pairWith(crypto, bobsKey.leaf.hpkePublicKey) } };
    const sample = keyPackageFrom((await somebody('sample', suite)).own.keyPackage);
    const { verifyKey, signKey } = ed25519KeyPair();
    const { publicPackage } = await generateKeyPackageWithKey(
      { credentialType: 'basic', identity: utf8('olga') }, sample.leafNode.capabilities, sample.leafNode.lifetime, [],
      { publicKey: verifyKey, signKey }, stolen, [],
    );
    const body = await bentCommit(mallory, [adding(encodeKeyPackage(publicPackage))]);
    expect(await mls.open(alice, 'commit', body, anything)).toMatchObject({ kind: 'refused', why: 'judged', reason: 'duplicate-key' });
  });

  it('a leaf that drops what rooms need is refused: later joins would fail', async () => {
    const { rooms } = await roomOf(suite, ['alice', 'bob', 'mallory']);
    const [alice, bob, mallory] = rooms as [Room, Room, Room];
    const bends: ((state: ClientState) => ClientState)[] = [
      (state) => withOwnLeaf(state, (leaf) => ({ capabilities: { ...leaf.capabilities, extensions: [] } })),
      (state) => withOwnLeaf(state, (leaf) => ({ capabilities: { ...leaf.capabilities, credentials: ['x509'] } })),
    ];
    for (const bend of bends) {
      expect(await mls.open(alice, 'commit', await bentCommit(mallory, [], bend), anything)).toMatchObject({ kind: 'refused', why: 'judged' });
    }
    await follow(bob, await mls.update(alice));
  });

  it('700 messages of one sender may be missing, and a late one is still read', async () => {
    const { rooms } = await roomOf(suite, ['alice', 'bob']);
    let [alice, bob] = rooms as [Room, Room];
    const bodies: Uint8Array[] = [];
    for (let i = 0; i < 701; i += 1) {
      const { body, next } = await mls.encrypt(alice, utf8(`${i}`));
      bodies.push(body);
      alice = next;
    }
    for (const i of [700, 690, 699]) {
      const opened = await mls.open(bob, 'post', bodies[i] as Uint8Array, anything);
      expect(textOf(opened)).toBe(`alice: ${i}`);
      if (opened.kind === 'message') bob = opened.next;
    }
    expect(await mls.open(bob, 'post', bodies[690] as Uint8Array, anything)).toMatchObject({ kind: 'refused', why: 'unreadable' });
  });

  it('no keys of a former epoch are kept: its messages cannot be read any more', async () => {
    const { rooms } = await roomOf(suite, ['alice', 'bob', 'carol']);
    let [alice, bob] = rooms as [Room, Room];
    const { body } = await mls.encrypt(alice, utf8('before'));
    for (let i = 0; i < 3; i += 1) {
      const update = await mls.update(alice);
      bob = await follow(bob, update);
      alice = update.next;
      for (const room of [alice, bob]) expect(stateOf(room).historicalReceiverData.size).toBe(0);
    }
    expect(await mls.open(bob, 'post', body, anything)).toMatchObject({ kind: 'refused', why: 'unreadable' });
  });

  it('the secret tree is derived as it is used, and a secret goes when those below it are there', async () => {
    const { rooms } = await roomOf(suite, ['alice', 'bob', 'carol']);
    const alice = rooms[0] as Room;
    const inUse = (room: Room): string[] =>
      stateOf(room).secretTree.flatMap((node, index) => (node === undefined ? [] : node instanceof Uint8Array ? [`${index}`] : [`${index} in use`]));
    expect(inUse(alice)).toEqual(['3']);
    const { next, body } = await mls.encrypt(alice, utf8('first'));
    expect(inUse(next)).toEqual(['0 in use', '2', '5']);
    expect(inUse(alice)).toEqual(['3']);
    const opened = await mls.open(rooms[1] as Room, 'post', body, anything);
    const bob = opened.kind === 'message' ? (await mls.encrypt(opened.next, utf8('second'))).next : undefined;
    expect(bob && inUse(bob)).toEqual(['0 in use', '2 in use', '5']);
    const again = mls.decode(mls.encode(next));
    expect(inUse(again)).toEqual(inUse(next));
    const carol = rooms[2] as Room;
    const more = await mls.encrypt(again, utf8('third'));
    expect(textOf(await mls.open(carol, 'post', more.body, anything))).toBe('alice: third');
  });

  it('states are immutable: what was opened or sent from an old one leaves it as it was', async () => {
    const { rooms } = await roomOf(suite, ['alice', 'bob']);
    const [alice, bob] = rooms as [Room, Room];
    const before = rooms.map((room) => mls.encode(room).state);
    const { body } = await mls.encrypt(alice, utf8('once'));
    await mls.open(bob, 'post', body, anything);
    const update = await mls.update(alice);
    await mls.open(bob, 'commit', update.body, anything);
    rooms.forEach((room, i) => expect(equalBytes(mls.encode(room).state, before[i] as Uint8Array)).toBe(true));
    expect(textOf(await mls.open(bob, 'post', body, anything))).toBe('alice: once');
  });

  it('our own commit coming back is not opened, and does not throw', async () => {
    const { rooms } = await roomOf(suite, ['alice', 'bob']);
    const update = await mls.update(rooms[0] as Room);
    expect(await mls.open(rooms[0] as Room, 'commit', update.body, anything)).toMatchObject({ kind: 'refused', why: 'unreadable', reason: 'own-commit' });
    const { body, next } = await mls.encrypt(rooms[0] as Room, utf8('mine'));
    expect(await mls.open(next, 'post', body, anything)).toMatchObject({ kind: 'refused', why: 'unreadable' });
  });

  it('a judge that stumbles over what a stranger wrote says no', async () => {
    const { rooms } = await roomOf(suite, ['alice', 'bob']);
    const stumbling = { leaf: () => undefined, change: () => { throw new TypeError('nothing there'); } };
    const update = await mls.update(rooms[1] as Room);
    expect(await mls.open(rooms[0] as Room, 'commit', update.body, stumbling)).toMatchObject({ kind: 'refused', why: 'judged', reason: 'judge-failed' });
  });
});

/** Gives a fresh pair first (the init key), then one with somebody else's public key (the leaf). */
function pairWith(crypto: ReturnType<typeof cryptoFor>, publicKey: Uint8Array) {
  let calls = 0;
  return async () => {
    const pair = await crypto.hpke.generateKeyPair();
    calls += 1;
    return calls === 2 ? { ...pair, publicKey: await crypto.hpke.importPublicKey(publicKey) } : pair;
  };
}

it('messages that never came are skipped in their thousands; beyond that the room says which way it cannot go on', async () => {
  const { rooms } = await roomOf('classical', ['alice', 'bob']);
  const [alice, bob] = rooms as [Room, Room];
  let sending = alice;
  const bodyAfter = async (count: number): Promise<Uint8Array> => {
    for (let nth = 0; nth < count; nth += 1) sending = (await mls.encrypt(sending, utf8('lost'))).next;
    const { body, next } = await mls.encrypt(sending, utf8('after them'));
    sending = next;
    return body;
  };
  expect(textOf(await mls.open(bob, 'post', await bodyAfter(3000), anything))).toBe('alice: after them');
  expect(await mls.open(bob, 'post', await bodyAfter(1100), anything)).toMatchObject({ kind: 'refused', why: 'unreadable', reason: 'too-many-skipped' });
  const healed = await mls.update(sending);
  expect((await follow(bob, healed)).epoch).toBe(2);
});
