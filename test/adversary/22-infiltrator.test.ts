/** Mallory subscribes to a board like anybody else, and looks for who else reads it; the relay looks on. */
import { fromBinary } from '@bufbuild/protobuf';
import { afterEach, describe, expect, it } from 'vitest';
import { StoredBoardSchema, type StoredBoard } from '#core/content/gen/thicket/vault/v1/vault_pb.ts';
import { BoardPostingSchema, ContentFactsSchema, PostingFactsSchema } from '#core/content/gen/thicket/content/v1/boards_pb.ts';
import { LABELS, signFacts } from '#core/domain/signing.ts';
import { writerOf } from '#core/session/boards/board-keys.ts';
import { sealRecord } from '#core/session/boards/board-record.ts';
import { eraKeysOf } from '#core/session/boards/board-state.ts';
import { wireText } from '#core/session/boards/texts.ts';
import { COLLECTIONS } from '#core/vault/port.ts';
import { DROP_MAILBOX } from '#shared/mailboxes.ts';
import { SEALED_DROP_SIZE } from '#shared/limits.ts';
import { fromHex, hex, randomBytes, sha256 } from '#shared/sodium.ts';
import { create, toBinary } from '@bufbuild/protobuf';
import { announce, boardOf, catchUp, saying, subscribe, titlesFor } from '../harness/boards.ts';
import { type Hub, hubOf } from '../harness/hub-story.ts';
import { lyingRelay } from '../harness/mallory-relay.ts';
import { memoryVaultHome } from '../harness/memory-vault.ts';
import { PASSPHRASE, type TestPerson } from '../harness/people.ts';

let hub: Hub;
afterEach(() => hub.end());

const memberOf = async (person: TestPerson): Promise<string> => (await person.session.overview()).me?.id as string;

/** Everything her device holds, opened. */
async function heldBy(person: TestPerson): Promise<{ all: string; board: StoredBoard }> {
  await person.session.close();
  const vault = await person.home.open(PASSPHRASE);
  const entries = (await Promise.all(COLLECTIONS.map((collection) => vault.all(collection)))).flat();
  const [board] = (await vault.all('boards')).map(({ value }) => fromBinary(StoredBoardSchema, value));
  await vault.close();
  await person.restart();
  return { all: entries.map(({ scope, value }) => `${scope} ${Buffer.from(value).toString('latin1')}`).join('\n'), board: board as StoredBoard };
}

describe('attack 22 infiltrator', () => {
  it('a reader’s device holds nothing of any other reader, whatever they did', async () => {
    hub = await hubOf(['alice', 'dave', 'erin', 'mallory'], { mallory: { home: memoryVaultHome() } });
    const [alice, dave, erin, mallory] = hub.people as [TestPerson, TestPerson, TestPerson, TestPerson];
    const board = await alice.session.createBoard('City news');
    for (const reader of [mallory, dave, erin]) await subscribe(reader, board, alice);
    const id = await announce(alice, board, saying('Assembly', { acknowledge: true, poll: { question: 'Tea?', choices: ['Yes', 'No'], several: false, closesAt: 0 } }));
    await catchUp(dave, erin);
    await dave.session.answer(board, id, { votes: [0], acknowledged: true }, 'Dave of flat 3');
    await erin.session.answer(board, id, { votes: [1] });
    await catchUp(dave, erin, alice);
    await alice.session.postTotals(board, id);
    // A new era without erin: its beginning names nobody either.
    await alice.session.removeReaders(board, [await memberOf(erin)]);
    await announce(alice, board, saying('Afterwards'));
    expect(await titlesFor(mallory, board)).toEqual(['Afterwards', 'Assembly']);

    const { all } = await heldBy(mallory);
    const holds = async (person: TestPerson) => all.includes(Buffer.from(fromHex(await memberOf(person)) as Uint8Array).toString('latin1'));
    // Whom she met when she was let in she knows: so the search finds what is there.
    expect(await holds(alice)).toBe(true);
    expect([await holds(dave), await holds(erin)]).toEqual([false, false]);
    for (const name of ['dave', 'erin', 'Dave of flat 3']) expect(all).not.toContain(name);
    await expect(mallory.session.findReaders(board, 'dave')).rejects.toMatchObject({ code: 'not-allowed' });
    expect((await boardOf(mallory, board))?.desk).toBeUndefined();
  });

  it('the relay cannot tell whose subscription is to which board, nor how many each has', async () => {
    const seen = lyingRelay();
    hub = await hubOf(['alice', 'bob', 'carol', 'dave'], { alice: { relayAt: seen.relayAt } });
    const [alice, bob, carol, dave] = hub.people as [TestPerson, TestPerson, TestPerson, TestPerson];
    const [busy, still] = [await alice.session.createBoard('Busy'), await alice.session.createBoard('Still')];
    await alice.session.catchUp();
    const before = seen.log.length;
    for (const reader of [bob, carol, dave]) await subscribe(reader, busy, alice);
    await subscribe(dave, still, alice);
    await alice.session.catchUp();
    const since = seen.log.slice(before);
    const drops = since.filter(({ kind, body }) => kind === 'drop' && body.length === SEALED_DROP_SIZE);
    // An asking and an answer for each at least (who waits asks again), and nothing in either board's mailbox.
    expect(drops.length).toBeGreaterThanOrEqual(8);
    expect(since.filter(({ mailbox }) => [busy, still].includes(hex(mailbox)))).toEqual([]);
    expect(new Set(drops.map(({ mailbox, slot, body }) => `${hex(mailbox)} ${slot} ${body.length}`))).toEqual(new Set([`${hex(DROP_MAILBOX)} 0 ${SEALED_DROP_SIZE}`]));
    // No eight bytes of one stand in another: neither a tag nor a key tells two to one board from two to two.
    const pieces = drops.map(({ body }) => new Set(Array.from({ length: body.length - 7 }, (_, at) => hex(body.subarray(at, at + 8)))));
    for (const [index, some] of pieces.entries()) for (const others of pieces.slice(index + 1)) expect([...some].filter((piece) => others.has(piece))).toEqual([]);
  });

  it('a member who reads a board announces nothing on it: not past the relay, and not where the relay helps her', async () => {
    const lies = lyingRelay();
    hub = await hubOf(['alice', 'bob', 'mallory'], { bob: { relayAt: lies.relayAt }, mallory: { home: memoryVaultHome() } });
    const [alice, bob, mallory] = hub.people as [TestPerson, TestPerson, TestPerson];
    const board = await alice.session.createBoard('City news');
    for (const reader of [mallory, bob]) await subscribe(reader, board, alice);
    await announce(alice, board, saying('True'));
    expect(await titlesFor(mallory, board)).toEqual(['True']);
    await expect(mallory.session.announce(board, saying('False'))).rejects.toMatchObject({ code: 'not-allowed' });

    // She has the era's keys, makes a record that opens like any other, and signs it with what she has.
    const { board: stored } = await heldBy(mallory);
    const me = writerOf(randomBytes(32), stored.board);
    const facts = toBinary(ContentFactsSchema, create(ContentFactsSchema, { hub: fromHex('00') as Uint8Array, board: stored.board, id: randomBytes(16), what: { case: 'announcement', value: wireText(saying('False')) } }));
    const posting = toBinary(PostingFactsSchema, create(PostingFactsSchema, { board: stored.board, era: stored.era, n: stored.chainNext, content: sha256(facts), sentAtMs: BigInt(Date.now()) }));
    const content = toBinary(BoardPostingSchema, create(BoardPostingSchema, { posting: signFacts(LABELS.boardPosting, posting, [me]), content: signFacts(LABELS.boardContent, facts, [me]) }));
    const { body } = sealRecord(eraKeysOf(stored), content) as { body: Uint8Array };
    const { mailbox, slot } = lies.log.find((record) => hex(record.mailbox) === board) ?? (await bob.session.catchUp(), lies.log.find((record) => hex(record.mailbox) === board)) as never;
    lies.inject({ mailbox, kind: 'post', slot, body });
    await announce(alice, board, saying('True again'));
    expect(await titlesFor(bob, board)).toEqual(['True again', 'True']);
  });
});
