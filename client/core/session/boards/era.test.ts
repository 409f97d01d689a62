/** Rosa's desk, its readers, and mallory among them: what an era opens for whom. */
import { beforeAll, describe, expect, it } from 'vitest';
import { HANDSHAKE_BODY_SIZES, SEALED_DROP_SIZE } from '#shared/limits.ts';
import { hpkeKeyPair } from '#shared/hpke.ts';
import { hex, randomBytes, sodiumReady, utf8 } from '#shared/sodium.ts';
import { firstChain, outerKey } from './board-keys.ts';
import { openRecord, sealRecord, type EraKeys } from './board-record.ts';
import { openOpening, sealOpening } from './era-opening.ts';
import { openSealedDrop, sealDrop } from './sealed-drop.ts';
import { leafOf, nextNodeKey, pathKeys, type Tree } from './tree-keys.ts';

beforeAll(sodiumReady);
const board = new Uint8Array(16).fill(7);
const eraOf = (secret: Uint8Array): EraKeys => ({ board, outer: outerKey(secret, board), chain: { from: 0, key: firstChain(secret, board), next: 0 } });

describe('an era of sixty readers, after mallory was removed', () => {
  let tree: Tree, members: Uint8Array[], body: Uint8Array, secret: Uint8Array;
  const readersKeys = (member: Uint8Array, era = 0) => pathKeys(tree, leafOf(tree, member), era);
  beforeAll(() => {
    tree = { secret: randomBytes(32), since: 0, masks: new Map() };
    members = Array.from({ length: 60 }, () => randomBytes(32));
    secret = randomBytes(32);
    const [mallory, ...others] = members.map((member) => leafOf(tree, member)) as [ReturnType<typeof leafOf>, ...ReturnType<typeof leafOf>[]];
    body = sealOpening(tree, { board, era: 1, secret }, others, [mallory]) as Uint8Array;
  });

  it('opens for every reader that stays, and not for mallory, whatever she kept', () => {
    for (const member of members.slice(1)) expect(openOpening(readersKeys(member), board, 1, body)).toEqual(secret);
    const mallory = readersKeys(members[0] as Uint8Array);
    expect(openOpening(mallory, board, 1, body)).toBeUndefined();
    expect(openOpening(mallory.map(nextNodeKey), board, 1, body)).toBeUndefined();
  });
  it('opens for nobody by keys of another era, for another board, or as another era', () => {
    const keys = readersKeys(members[1] as Uint8Array);
    expect(openOpening(keys.map(nextNodeKey), board, 1, body)).toBeUndefined();
    expect(openOpening(keys, new Uint8Array(16), 1, body)).toBeUndefined();
    expect(openOpening(keys, board, 2, body)).toBeUndefined();
  });
  it('readers move their keys on as the desk does', () => {
    const member = members[5] as Uint8Array;
    expect(readersKeys(member).map(nextNodeKey).map(nextNodeKey).map(hex)).toEqual(readersKeys(member, 2).map(hex));
  });
  it('is of the size of a commit, and shows nothing twice', () => {
    expect(HANDSHAKE_BODY_SIZES).toContain(body.length);
    const again = sealOpening(tree, { board, era: 1, secret }, members.slice(1).map((member) => leafOf(tree, member)), []) as Uint8Array;
    expect(again.length).toBe(body.length);
    expect(sealOpening(tree, { board, era: 1, secret }, [], [])).toHaveLength(body.length);
  });
});

describe('records of a board', () => {
  const text = (n: number) => utf8(`announcement ${n}`);
  it('open in their order, and also where two coordinators announced at once', () => {
    let [rosa, ines, reader] = Array.from({ length: 3 }, () => eraOf(utf8('secret'.repeat(5)))) as [EraKeys, EraKeys, EraKeys];
    for (let n = 0; n < 10; n += 1) {
      const [one, other] = [sealRecord(rosa, text(n)), sealRecord(ines, text(100 + n))] as [NonNullable<ReturnType<typeof sealRecord>>, NonNullable<ReturnType<typeof sealRecord>>];
      expect([one.n, other.n]).toEqual([n, n]);
      rosa = { ...rosa, chain: one.chain };
      ines = { ...ines, chain: other.chain };
      for (const [{ body }, content] of [[one, text(n)], [other, text(100 + n)]] as const) {
        const opened = openRecord(reader, body);
        expect(opened?.content).toEqual(content);
        reader = { ...reader, chain: opened?.chain ?? reader.chain };
      }
    }
  });
  it('cannot be opened again with what a device keeps once more has come', () => {
    let keys = eraOf(randomBytes(32));
    const first = sealRecord(keys, text(0));
    for (let n = 0; n < 5; n += 1) keys = { ...keys, chain: (sealRecord(keys, text(n)) as { chain: EraKeys['chain'] }).chain };
    expect(keys.chain.from).toBe(1);
    expect(openRecord(keys, first?.body as Uint8Array)).toBeUndefined();
  });
  it('are of the sizes of posts, and open for no other era, nor changed', () => {
    const keys = eraOf(randomBytes(32));
    const { body } = sealRecord(keys, text(0)) as { body: Uint8Array };
    expect(body).toHaveLength(1024);
    expect(sealRecord(keys, randomBytes(5_000))?.body).toHaveLength(16_384);
    expect(sealRecord(keys, randomBytes(70_000))).toBeUndefined();
    expect(openRecord(eraOf(randomBytes(32)), body)).toBeUndefined();
    body[500] = (body[500] as number) ^ 1;
    expect(openRecord(keys, body)).toBeUndefined();
  });
});

describe('a sealed drop', () => {
  it('is known and opened by one key, and two to the same key have nothing in common', () => {
    const [rosa, mallory] = [hpkeKeyPair('xwing'), hpkeKeyPair('xwing')];
    const [one, two] = [sealDrop(rosa.publicKey, utf8('hello')), sealDrop(rosa.publicKey, utf8('hello'))] as [Uint8Array, Uint8Array];
    expect([one.length, two.length]).toEqual([SEALED_DROP_SIZE, SEALED_DROP_SIZE]);
    expect(hex(one.subarray(0, 8))).not.toBe(hex(two.subarray(0, 8)));
    expect(openSealedDrop(rosa, one)).toEqual(utf8('hello'));
    expect(openSealedDrop(mallory, one)).toBeUndefined();
    one[2000] = (one[2000] as number) ^ 1;
    expect(openSealedDrop(rosa, one)).toBeUndefined();
    expect(sealDrop(rosa.publicKey, randomBytes(4096))).toBeUndefined();
  });
});
