/** Alice, bob and carol talk: what is said about what was said, over a real relay. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MessagePlace, RoomId } from '#core/session/api.ts';
import { type Hub, hubOf, roomOf } from '../harness/hub-story.ts';
import type { TestPerson } from '../harness/people.ts';
import { here, placeOf, said, settle, shows, summary, told, write } from '../harness/talk.ts';

let hub: Hub;
let [alice, bob, carol] = [] as unknown as [TestPerson, TestPerson, TestPerson];
let room: RoomId;

beforeAll(async () => {
  hub = await hubOf(['alice', 'bob', 'carol']);
  [alice, bob, carol] = hub.people as [TestPerson, TestPerson, TestPerson];
  room = await roomOf(hub.people);
}, 120_000);
afterAll(() => hub.end());

const names = (people: readonly { name: string }[]) => people.map(({ name }) => name);

describe('a reply', () => {
  it('shows what it answers, as it is now', async () => {
    const question = await write(alice, room, 'who has the key?');
    await bob.session.catchUp();
    await write(bob, room, 'I have', { replyTo: await placeOf(bob, room, 'who has the key?') });
    await alice.session.catchUp();
    const reply = await said(alice, room, 'I have');
    expect(reply.replyTo).toMatchObject({ text: 'who has the key?', sender: { name: 'alice' }, place: { id: question.id } });
    await alice.session.edit(room, question, { text: 'who has the cellar key?' });
    expect((await said(alice, room, 'I have')).replyTo?.text).toBe('who has the cellar key?');
    await alice.session.deleteMessage(room, question);
    expect((await said(alice, room, 'I have')).replyTo?.text).toBeUndefined();
  });
});

describe('a reaction', () => {
  let place: MessagePlace;
  beforeAll(async () => {
    place = await write(alice, room, 'rent strike on the first');
  });

  it('counts at once for whoever gives it, and for everybody once it came', async () => {
    await bob.session.catchUp();
    const events = await told(bob, async () => bob.session.react(room, place, '✊', true));
    expect((await said(bob, room, 'rent strike on the first')).reactions).toMatchObject([{ emoji: '✊', mine: true }]);
    expect(events).toContainEqual({ changed: 'messages', room, seqs: [place.seq] });
    await shows(alice, room, place, ({ reactions }) => reactions.length === 1, 'the reaction');
    await carol.session.catchUp();
    await carol.session.react(room, place, '✊', true);
    await carol.session.react(room, place, '👍🏽', true);
    const item = await shows(alice, room, place, ({ reactions }) => reactions.length === 2 && reactions[0]?.people.length === 2, 'all of them');
    expect(item.reactions.map(({ emoji, people, mine }) => [emoji, names(people), mine])).toEqual([['✊', ['bob', 'carol'], false], ['👍🏽', ['carol'], false]]);
  });

  it('is taken back, and is nothing unread', async () => {
    await alice.session.markRead(room);
    await carol.session.react(room, place, '👍🏽', false);
    await shows(alice, room, place, ({ reactions }) => reactions.length === 1, 'one left');
    expect(await summary(alice, room)).toMatchObject({ unread: 0, mentions: 0 });
  });

  it('that was taken back before it left was never sent', async () => {
    await hub.relay.stop();
    await carol.session.react(room, place, '🔥', true);
    expect((await said(carol, room, 'rent strike on the first')).reactions.map(({ emoji }) => emoji)).toContain('🔥');
    await carol.session.react(room, place, '🔥', false);
    expect((await said(carol, room, 'rent strike on the first')).reactions.map(({ emoji }) => emoji)).not.toContain('🔥');
    await hub.relay.restart();
    await settle([carol, alice], room);
    expect((await said(alice, room, 'rent strike on the first')).reactions.map(({ emoji }) => emoji)).toEqual(['✊']);
  });

  it('is an emoji or refused', async () => {
    await expect(bob.session.react(room, place, 'ok', true)).rejects.toThrow();
  });
});
