/** One member runs our provider, another the library's default one: same rooms, same bytes, on both suites. */
import {
  createApplicationMessage, createCommit, createGroup, defaultCryptoProvider, emptyPskIndex, generateKeyPackage, getCiphersuiteFromName, joinGroup, mlsExporter,
  processPrivateMessage, type Capabilities, type CiphersuiteImpl, type ClientState,
} from 'ts-mls';
import { encodeKeyPackage } from 'ts-mls/keyPackage.js';
import { decodeMlsMessage } from 'ts-mls/message.js';
import { decodeWelcome, encodeWelcome } from 'ts-mls/welcome.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { hex, sodiumReady, utf8 } from '#shared/sodium.ts';
import { unwrap } from './envelope.ts';
import { adding, keyPackageFrom, removing, wrapMessage } from './testing/hostile.ts';
import type { Room } from './port.ts';
import { CLIENT_CONFIG, stateOf, toRoom } from './room-state.ts';
import { SETTINGS_EXTENSION } from './settings.ts';
import { anything, follow, HUB, mls, roomOf, somebody, SUITES, textOf } from './testing/story.ts';
import { ciphersuiteName } from './suites.ts';

beforeAll(sodiumReady);

const NOTHING = new Uint8Array(0);

describe.each(SUITES)('suite %s', (suite) => {
  const name = ciphersuiteName(suite);
  const theirs = (): Promise<CiphersuiteImpl> => defaultCryptoProvider.getCiphersuiteImpl(getCiphersuiteFromName(name));

  async function danasKeyPackage(crypto: CiphersuiteImpl) {
    const capabilities: Capabilities = { versions: ['mls10'], ciphersuites: [name], extensions: [SETTINGS_EXTENSION], proposals: [], credentials: ['basic'] };
    const now = BigInt(Math.floor(Date.now() / 1000));
    return generateKeyPackage({ credentialType: 'basic', identity: utf8('dana') }, capabilities, { notBefore: now - 60n, notAfter: now + 86_400n }, [], crypto);
  }
  async function sameSecrets(room: Room, state: ClientState, crypto: CiphersuiteImpl): Promise<void> {
    const other = await mlsExporter(state.keySchedule.exporterSecret, 'test', NOTHING, 32, crypto);
    expect(hex(await mls.exportSecret(room, 'test', NOTHING, 32))).toBe(hex(other));
    expect(hex(state.groupContext.treeHash)).toBe(hex(stateOf(room).groupContext.treeHash));
  }
  async function privateMessageIn(room: Room, kind: 'post' | 'commit', body: Uint8Array) {
    const message = decodeMlsMessage(await unwrap(stateOf(room), kind, body) as Uint8Array, 0)?.[0];
    if (message?.wireformat !== 'mls_private_message') throw new Error('not a private message');
    return message.privateMessage;
  }

  it('dana joins with the default provider, talks, updates, adds and removes; then takes our provider and goes on', async () => {
    const crypto = await theirs();
    const { mailbox, rooms } = await roomOf(suite, ['alice', 'bob']);
    let [alice, bob] = rooms as [Room, Room];
    const { publicPackage, privatePackage } = await danasKeyPackage(crypto);
    const packed = encodeKeyPackage(publicPackage);
    expect(await mls.inspectKeyPackage(packed)).toMatchObject({ suite });

    const addDana = await mls.add(alice, [packed]);
    const welcome = decodeWelcome(addDana.welcomes[0] as Uint8Array, 0)?.[0];
    if (welcome === undefined) throw new Error('no welcome');
    let dana = await joinGroup(welcome, publicPackage, privatePackage, emptyPskIndex, crypto, undefined, undefined, CLIENT_CONFIG);
    bob = await follow(bob, addDana);
    alice = addDana.next;
    await sameSecrets(alice, dana, crypto);

    // A message each way.
    const fromAlice = await mls.encrypt(alice, utf8('welcome, dana'));
    const read = await processPrivateMessage(dana, await privateMessageIn(alice, 'post', fromAlice.body), emptyPskIndex, crypto);
    if (read.kind !== 'applicationMessage') throw new Error('no message');
    expect(read.message).toEqual(utf8('welcome, dana'));
    dana = read.newState;
    alice = fromAlice.next;
    const fromDana = await createApplicationMessage(dana, utf8('thank you'), crypto);
    dana = fromDana.newState;
    const body = await wrapMessage(alice, 'post', { version: 'mls10', wireformat: 'mls_private_message', privateMessage: fromDana.privateMessage });
    const opened = await mls.open(bob, 'post', body, anything);
    expect(textOf(opened)).toBe('dana: thank you');
    if (opened.kind === 'message') bob = opened.next;

    // Commits each way: update by alice; update, add and remove by dana.
    const update = await mls.update(alice);
    const followed = await processPrivateMessage(dana, await privateMessageIn(alice, 'commit', update.body), emptyPskIndex, crypto);
    dana = followed.newState;
    bob = await follow(bob, update);
    alice = update.next;
    await sameSecrets(alice, dana, crypto);

    const carol = await somebody('carol', suite);
    for (const proposals of [[], [adding(carol.own.keyPackage)], [removing(1)]]) {
      const made = await createCommit({ state: dana, cipherSuite: crypto, pskIndex: emptyPskIndex }, { extraProposals: proposals, ratchetTreeExtension: true });
      const commitBody = await wrapMessage(alice, 'commit', made.commit);
      const taken = await mls.open(alice, 'commit', commitBody, anything);
      if (taken.kind !== 'commit') throw new Error(`not followed: ${JSON.stringify(taken)}`);
      alice = taken.next;
      dana = made.newState;
      if (made.welcome !== undefined) {
        const { room: joined } = await mls.join(encodeWelcome(made.welcome), carol.own, { mailbox, hub: HUB }, anything);
        expect(joined.leaves).toHaveLength(4);
      }
      await sameSecrets(alice, dana, crypto);
    }

    // Her signing key, as the default provider keeps it, works with our provider as it is.
    const moved = toRoom({ ...dana, clientConfig: CLIENT_CONFIG });
    const later = await mls.encrypt(moved, utf8('same keys, other provider'));
    expect(textOf(await mls.open(alice, 'post', later.body, anything))).toBe('dana: same keys, other provider');
    await follow(alice, await mls.update(later.next));
  });

  it('path secrets become the same keys on both sides', async () => {
    const crypto = await theirs();
    const { rooms } = await roomOf(suite, ['alice', 'bob']);
    const { publicPackage, privatePackage } = await danasKeyPackage(crypto);
    const carolSelf = await somebody('carol', suite);
    const added = await mls.add(rooms[0] as Room, [encodeKeyPackage(publicPackage), carolSelf.own.keyPackage]);
    const welcome = decodeWelcome(added.welcomes[0] as Uint8Array, 0)?.[0];
    if (welcome === undefined) throw new Error('no welcome');
    let alice = added.next;
    let { room: carol } = await mls.join(added.welcomes[1] as Uint8Array, carolSelf.own, { mailbox: stateOf(alice).groupContext.groupId as never, hub: HUB }, anything);
    let dana = await joinGroup(welcome, publicPackage, privatePackage, emptyPskIndex, crypto, undefined, undefined, CLIENT_CONFIG);

    // Dana and carol are neighbours. Whichever of them renews the node above both, the other must hold its private key
    // when alice next encrypts to that node alone.
    const danas = await createCommit({ state: dana, cipherSuite: crypto, pskIndex: emptyPskIndex }, {});
    const body = await wrapMessage(alice, 'commit', danas.commit);
    [alice, carol] = await Promise.all([alice, carol].map(async (room) => {
      const opened = await mls.open(room, 'commit', body, anything);
      if (opened.kind !== 'commit') throw new Error('not followed');
      return opened.next;
    })) as [Room, Room];
    dana = danas.newState;
    for (const by of ['alice', 'carol', 'alice']) {
      const update = await mls.update(by === 'alice' ? alice : carol);
      dana = (await processPrivateMessage(dana, await privateMessageIn(alice, 'commit', update.body), emptyPskIndex, crypto)).newState;
      [alice, carol] = by === 'alice' ? [update.next, await follow(carol, update)] : [await follow(alice, update), update.next];
      await sameSecrets(alice, dana, crypto);
      await sameSecrets(carol, dana, crypto);
    }
  });

  it('a room made on the default provider takes in somebody of ours', async () => {
    const crypto = await theirs();
    const { publicPackage, privatePackage } = await danasKeyPackage(crypto);
    const bob = await somebody('bob', suite);
    const { settings, mailbox } = await settingsOnly(suite);
    const state = await createGroup(mailbox, publicPackage, privatePackage, [{ extensionType: SETTINGS_EXTENSION, extensionData: settings }], crypto, CLIENT_CONFIG);
    const made = await createCommit({ state, cipherSuite: crypto, pskIndex: emptyPskIndex }, {
      extraProposals: [{ proposalType: 'add', add: { keyPackage: keyPackageFrom(bob.own.keyPackage) } }], ratchetTreeExtension: true,
    });
    if (made.welcome === undefined) throw new Error('no welcome');
    const { room } = await mls.join(encodeWelcome(made.welcome), bob.own, { mailbox, hub: HUB }, anything);
    await sameSecrets(room, made.newState, crypto);
  });
});

async function settingsOnly(suite: 'xwing' | 'classical') {
  const { mailbox, rooms } = await roomOf(suite, ['nobody']);
  return { mailbox, settings: (rooms[0] as Room).settings };
}
