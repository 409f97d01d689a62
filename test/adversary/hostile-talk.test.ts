/**
 * A member who turned: mallory is in the room, her device signs for her, and says about the messages of others what she may
 * not, or what no device would say. Nobody's device shows a difference, and nobody's device stops.
 */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  AskAgainSchema, DeletionSchema, EditSchema, MentionSchema, MessageRefSchema, PinSchema, ReactionSchema, RoomContentSchema, TextSchema, TypingSchema, type MessageRef, type RoomContent,
} from '#core/content/gen/thicket/content/v1/content_pb.ts';
import { createMls } from '#core/mls/mls.ts';
import type { Mls } from '#core/mls/port.ts';
import type { MessagePlace, RoomId } from '#core/session/api.ts';
import { fromHex, randomBytes } from '#shared/sodium.ts';
import { type Hub, hubOf, roomOf, worksOn } from '../harness/hub-story.ts';
import { type TestPerson, until } from '../harness/people.ts';
import { here, placeOf, said, settle, summary, write } from '../harness/talk.ts';

type Body = NonNullable<RoomContent['body']>;
let bend: ((content: RoomContent) => RoomContent) | undefined;

/** What leaves says something else than her own device believes. */
function bendingMls(): Mls {
  const real = createMls();
  return new Proxy(real, {
    get(target, name) {
      if (name !== 'encrypt') return Reflect.get(target, name, target) as unknown;
      return (room: Parameters<Mls['encrypt']>[0], bytes: Uint8Array) => {
        const bent = bend?.(fromBinary(RoomContentSchema, bytes));
        return target.encrypt(room, bent === undefined ? bytes : toBinary(RoomContentSchema, bent));
      };
    },
  });
}

let hub: Hub;
let [alice, bob, mallory] = [] as unknown as [TestPerson, TestPerson, TestPerson];
let room: RoomId;
let place: MessagePlace;

beforeAll(async () => {
  hub = await hubOf(['alice', 'bob', 'mallory'], { mallory: { mls: bendingMls() } });
  [alice, bob, mallory] = hub.people as [TestPerson, TestPerson, TestPerson];
  room = await roomOf(hub.people);
  place = await write(alice, room, 'what alice said');
  await settle(hub.people, room);
}, 120_000);
afterAll(() => hub.end());

const ref = ({ id, sender, seq }: MessagePlace, more: Partial<MessageRef> = {}): MessageRef =>
  create(MessageRefSchema, { id: fromHex(id) ?? new Uint8Array(0), sender: fromHex(sender) ?? new Uint8Array(0), seq: BigInt(seq), ...more });

/** Mallory sends each of these as a message of hers, and everybody reads on. */
async function mallorySends(bodies: readonly Body[], more: Partial<RoomContent> = {}): Promise<void> {
  for (const body of bodies) {
    bend = (content) => ({ ...content, ...more, body });
    const id = await mallory.session.send(room, 'as far as her device knows');
    await mallory.session.delivered(room, id);
  }
  bend = undefined;
  for (const person of [alice, bob]) await person.session.catchUp();
}
const edits = (of: MessageRef, text = 'what mallory made of it'): Body => ({ case: 'edit', value: create(EditSchema, { of, text: create(TextSchema, { text }) }) });
const deletes = (of: MessageRef): Body => ({ case: 'deletion', value: create(DeletionSchema, { of }) });
const reacts = (to: MessageRef, emoji: string, off = false): Body => ({ case: 'reaction', value: create(ReactionSchema, { to, emoji, off }) });
const pins = (of: MessageRef, off = false): Body => ({ case: 'pin', value: create(PinSchema, { of, off }) });

/** Everything about messages that the device shows, without what stands in mallory's own name. */
const picture = async (person: TestPerson) => (await here(person, room)).filter(({ sender }) => sender.name !== 'mallory');

it('changes and deletes nobody else\'s message', async () => {
  const before = await picture(bob);
  await mallorySends([edits(ref(place)), deletes(ref(place))]);
  expect(await picture(bob)).toEqual(before);
  expect((await said(alice, room, 'what alice said')).deletedBy).toBeUndefined();
  await worksOn([alice, bob], room);
});

it('says nothing but reactions where only those write who look after the room', async () => {
  await alice.session.setAnnouncementOnly(room, true);
  await settle([alice], room);
  for (const person of [mallory, bob]) await person.session.catchUp();
  await expect(mallory.session.send(room, 'may I?')).rejects.toMatchObject({ code: 'not-allowed' });
  const own = (await here(bob, room)).find(({ sender }) => sender.name === 'mallory')?.place as MessagePlace;
  const shown = (await here(bob, room)).length;
  const words: Body[] = [pins(ref(place)), edits(ref(own)), { case: 'text', value: create(TextSchema, { text: 'I may' }) }];
  for (const body of [...words, undefined]) {
    bend = body && ((content) => ({ ...content, body }));
    await mallory.session.react(room, place, body === undefined ? '✅' : '👍', true);
    await until(async () => {
      await mallory.session.catchUp();
      return (await said(mallory, room, 'what alice said')).reactions.some(({ emoji }) => emoji === (body === undefined ? '✅' : '👍'));
    }, 'her own device to believe it');
    await mallory.session.react(room, place, '👍', false);
  }
  bend = undefined;
  await until(async () => {
    await bob.session.catchUp();
    return (await said(bob, room, 'what alice said')).reactions.some(({ emoji }) => emoji === '✅');
  }, 'the last of them to come');
  expect((await here(bob, room)).length).toBe(shown);
  expect(await said(bob, room, 'what alice said')).toMatchObject({ pinned: false });
  expect((await here(bob, room)).some(({ edited }) => edited)).toBe(false);
  await mallory.session.react(room, place, '✅', false);
  await alice.session.setAnnouncementOnly(room, false);
  for (const person of [mallory, bob]) await person.session.catchUp();
});

it('reacts with an emoji or not at all, with no more than there is room for, and once each', async () => {
  const nonsense = ['ok', '', '<b>', '👍👍', `👍${'\u0301'.repeat(500)}`, 'x'.repeat(3000)];
  await mallorySends(nonsense.map((emoji) => reacts(ref(place), emoji)));
  expect((await said(bob, room, 'what alice said')).reactions).toEqual([]);
  const many = Array.from({ length: 26 }, (_, index) => String.fromCodePoint(0x1f600 + index));
  await mallorySends([...many, many[0] as string].map((emoji) => reacts(ref(place), emoji)));
  const { reactions } = await said(bob, room, 'what alice said');
  expect(reactions).toHaveLength(20);
  expect(reactions.every(({ people }) => people.length === 1)).toBe(true);
  await mallorySends(many.map((emoji) => reacts(ref(place), emoji, true)));
  expect((await said(bob, room, 'what alice said')).reactions).toEqual([]);
});

it('refers to nothing that is not there: another room, another thread, a later message, somebody else\'s id', async () => {
  const elsewhere = await roomOf([alice, bob], 'Elsewhere');
  const foreign = await write(alice, elsewhere, 'in another room');
  const thread = await write(alice, room, 'a thread of alice');
  const inThread = await write(alice, room, 'in that thread', { thread });
  await settle([bob], room);
  const before = [await picture(bob), await here(bob, elsewhere), await here(bob, room, thread)];
  const later = ref(place, { id: randomBytes(16), seq: BigInt(place.seq + 1000) });
  const strange = [
    ref(foreign), later, ref(place, { sender: fromHex((await mallory.session.overview()).me?.id ?? '') ?? new Uint8Array(0) }), ref(place, { id: randomBytes(16) }),
    ref(place, { id: new Uint8Array(3) }), ref(place, { sender: new Uint8Array(0) }), ref(place, { seq: 2n ** 64n - 1n, id: new Uint8Array(0) }), ref(inThread),
  ];
  await mallorySends(strange.flatMap((of) => [reacts(of, '👀'), edits(of), deletes(of), pins(of)]));
  await mallorySends([reacts(ref(place), '👀'), pins(ref(place))], { thread: ref(thread) });
  await mallorySends([reacts(ref(inThread), '👀'), pins(ref(inThread))], { thread: ref(place) });
  await bob.session.catchUp();
  const unchanged = async () => [await picture(bob), await here(bob, elsewhere), await here(bob, room, thread)];
  expect(await unchanged()).toEqual(before);
  expect(await bob.session.pins(room)).toEqual([]);
});

it('sends nothing too large, too little or out of its text that is shown as she sent it', async () => {
  const unread = (await summary(bob, room)).unread;
  const shown = (await here(bob, room)).length;
  const text = (value: string, mentions: { start: number; length: number; member: Uint8Array }[] = []): Body =>
    ({ case: 'text', value: create(TextSchema, { text: value, mentions: mentions.map((mention) => create(MentionSchema, mention)) }) });
  await mallorySends([text(''), text('x'.repeat(20_000)), { case: undefined, value: undefined } as unknown as Body]);
  await mallorySends([text('no id')], { id: new Uint8Array(5) });
  expect((await here(bob, room)).length).toBe(shown);
  expect((await summary(bob, room)).unread).toBe(unread);
  const bobs = fromHex((await bob.session.overview()).me?.id ?? '') ?? new Uint8Array(0);
  await mallorySends([text('short', [{ start: 3, length: 9, member: bobs }, { start: 4_294_967_290, length: 10, member: bobs }, { start: 0, length: 5, member: new Uint8Array(7) }])]);
  expect(await said(bob, room, 'short')).toMatchObject({ mentions: [], namesMe: false });
});

it('changes her own message a hundred times, and what is kept of it does not grow', async () => {
  const own = await write(mallory, room, 'version 0');
  await bob.session.catchUp();
  const seen = await placeOf(bob, room, 'version 0');
  await mallorySends(Array.from({ length: 30 }, (_, index) => edits(ref(own), `version ${index + 1}`)));
  const versions = await bob.session.versions(room, seen);
  expect(versions).toHaveLength(21);
  expect([versions[0]?.text, versions.at(-1)?.text]).toEqual(['version 0', 'version 30']);
});

it('says again what was sent before, and nothing is undone', async () => {
  const own = await write(mallory, room, 'her own words');
  const id = randomBytes(16);
  await mallorySends([edits(ref(own), 'second words')], { id });
  await mallorySends([edits(ref(own), 'third words')]);
  await mallorySends([edits(ref(own), 'second words')], { id });
  await said(bob, room, 'third words');
});

it('asks for messages that were never sent, and it costs her as much as it costs alice', async () => {
  const left = async () => (await alice.session.overview()).postage?.left as number;
  const [device] = await alice.session.devices();
  const leafKey = fromHex(device?.id as string) as Uint8Array;
  const before = await left();
  const asks = (epoch: bigint): Body => ({ case: 'askAgain', value: create(AskAgainSchema, { leafKey, epoch, nth: Array.from({ length: 64 }, (_, index) => 5_000 + index) }) });
  await mallorySends([asks(1n), asks(2n)]);
  await settle([alice], room);
  await worksOn([alice, bob], room);
  // What alice says herself is two of them.
  expect(before - (await left())).toBeLessThanOrEqual(2 + 2);
});

it('is writing for ever, and nobody minds', async () => {
  const shown = (await here(bob, room)).length;
  await mallorySends([{ case: 'typing', value: create(TypingSchema) }, { case: 'typing', value: create(TypingSchema, { thread: ref(place) }) }], { sentAtMs: 2n ** 64n - 1n });
  expect(await bob.session.typing(room)).toEqual([]);
  expect((await here(bob, room)).length).toBe(shown);
  await worksOn([alice, bob], room);
});
