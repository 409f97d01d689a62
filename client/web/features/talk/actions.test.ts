import { describe, expect, it } from 'vitest';
import type { MessageItem, Person } from '#core/session/api.ts';
import { plainMessage } from '#core/session/api/plain-message.ts';
import { actionOf, actionsFor } from './actions.ts';

const me: Person = { id: 'a', name: 'Alice', fingerprint: '', ambiguous: false, isMe: true };
const said: MessageItem = { ...plainMessage({ id: 'm', seq: 7, sender: me, at: 0, text: 'hello' }), may: { edit: true, delete: true, pin: true } };
const room = { active: true, mayWrite: true };

describe('what can be done with a message', () => {
  it('all of it, with one\'s own in a room one writes in', () => {
    expect(actionsFor(said, room, false)).toEqual(['reply', 'thread', 'react', 'edit', 'copy', 'bookmark', 'pin', 'forward', 'delete']);
    expect(actionsFor({ ...said, edited: true }, room, true)).toEqual(['reply', 'react', 'edit', 'copy', 'bookmark', 'pin', 'forward', 'history', 'delete']);
  });
  it('nothing is answered where only others write, but reacted to, and a thread that is there can be read', () => {
    const quiet = { active: true, mayWrite: false };
    const theirs = { ...said, may: { edit: false, delete: false, pin: false } };
    expect(actionsFor(theirs, quiet, false)).toEqual(['react', 'copy', 'bookmark', 'forward']);
    const thread = { replies: 1, lastAt: 0, writers: [], followed: false, readTo: 0, unread: 0, mentions: 0 };
    expect(actionsFor({ ...theirs, thread }, quiet, false)).toContain('thread');
  });
  it('a room of the past is only kept and copied from', () => {
    expect(actionsFor(said, { active: false, mayWrite: true }, false)).toEqual(['copy', 'bookmark', 'forward']);
  });
  it('what is deleted is left alone; what waits to be sent is taken back', () => {
    expect(actionsFor({ ...said, deletedBy: me }, room, false)).toEqual([]);
    expect(actionsFor({ ...said, seq: undefined, place: undefined }, room, false)).toEqual(['copy', 'delete']);
  });
  it('keys mean nothing together with others', () => {
    const key = { ctrlKey: false, metaKey: false, altKey: false };
    expect(actionOf({ ...key, key: 'R' })).toBe('reply');
    expect(actionOf({ ...key, key: 'r', ctrlKey: true })).toBeUndefined();
    expect(actionOf({ ...key, key: 'x' })).toBeUndefined();
  });
});
