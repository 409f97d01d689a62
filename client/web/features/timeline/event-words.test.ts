import { expect, it } from 'vitest';
import type { Person, RoomEvent } from '#core/session/api.ts';
import { eventWords, toldApart } from './event-words.ts';

const person = (name: string, isMe = false): Person => ({ id: name, name, fingerprint: '', ambiguous: false, isMe });
const [me, bob, carol] = [person('me', true), person('bob'), person('carol')];
const told = (event: RoomEvent) => toldApart(event).map((one) => [eventWords(one).context, 'people' in one ? one.people.map(({ name }) => name) : []]);

it('what was done to the reader is a sentence of its own, and the reader is in no list of names', () => {
  expect(told({ what: 'added', by: bob, people: [carol, me] })).toEqual([[undefined, ['carol']], ['you', ['me']]]);
  expect(told({ what: 'made-admin', by: bob, people: [me] })).toEqual([['you', ['me']]]);
  expect(told({ what: 'made-member', by: me, people: [me] })).toEqual([['self', ['me']]]);
  expect(told({ what: 'removed', by: me, people: [bob, carol] })).toEqual([['me', ['bob', 'carol']]]);
});
