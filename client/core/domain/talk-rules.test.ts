import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { MentionSchema, MessageRefSchema } from '../content/gen/thicket/content/v1/content_pb.ts';
import { isEmoji, isRef, LONGEST_TEXT, mayDelete, mayEdit, mayPin, MOST_MENTIONS, names, textFacts } from './talk-rules.ts';
import { mayWriteIn } from './room-roles.ts';

const key = (byte: number) => new Uint8Array(32).fill(byte);
const [admin, moderator, alice, bob] = [key(1), key(2), key(3), key(4)];
const settings = { admins: [admin], moderators: [moderator], announcementOnly: false };
const announcements = { ...settings, announcementOnly: true };
const message = { sender: alice, gone: false };
const gone = { sender: alice, gone: true };

describe('who may', () => {
  it('write: everybody; in a room of announcements, admins and moderators', () => {
    expect([admin, moderator, alice].map((who) => mayWriteIn(settings, who))).toEqual([true, true, true]);
    expect([admin, moderator, alice].map((who) => mayWriteIn(announcements, who))).toEqual([true, true, false]);
  });
  it('change a message: its sender and nobody else, while it is there and they may write', () => {
    expect([alice, bob, moderator, admin].map((who) => mayEdit(settings, message, who))).toEqual([true, false, false, false]);
    expect(mayEdit(settings, gone, alice)).toBe(false);
    expect(mayEdit(announcements, message, alice)).toBe(false);
  });
  it('delete a message: its sender, a moderator, an admin', () => {
    expect([alice, bob, moderator, admin].map((who) => mayDelete(settings, message, who))).toEqual([true, false, true, true]);
    expect(mayDelete(announcements, message, alice)).toBe(true);
    expect(mayDelete(settings, gone, admin)).toBe(false);
  });
  it('pin a message: whoever may write', () => {
    expect([alice, bob, admin].map((who) => mayPin(settings, message, who))).toEqual([true, true, true]);
    expect([alice, bob, moderator].map((who) => mayPin(announcements, message, who))).toEqual([false, false, true]);
    expect(mayPin(settings, gone, admin)).toBe(false);
  });
});

describe('what a text carries', () => {
  const mention = (start: number, length: number, member: Uint8Array = alice) => create(MentionSchema, { start, length, member });
  const text = 'hello @alice';

  it('is something, and not too much', () => {
    expect(textFacts({ text: '', mentions: [] })).toBeUndefined();
    expect(textFacts({ text: 'x'.repeat(LONGEST_TEXT), mentions: [] })).toBeDefined();
    expect(textFacts({ text: 'x'.repeat(LONGEST_TEXT + 1), mentions: [] })).toBeUndefined();
  });
  it('names people inside the text only', () => {
    const good = mention(6, 6);
    const bad = [mention(6, 7), mention(0, 0), mention(12, 1), mention(4_294_967_295, 1), mention(0, 4_294_967_295), mention(0, 5, new Uint8Array(31))];
    expect(textFacts({ text, mentions: [...bad, good] })?.mentions).toEqual([good]);
    expect(textFacts({ text, mentions: [mention(0, 5, new Uint8Array(0))] })?.mentions).toHaveLength(1);
  });
  it('names no more people than a list holds', () => {
    expect(textFacts({ text, mentions: Array.from({ length: 5000 }, () => mention(0, 1)) })?.mentions).toHaveLength(MOST_MENTIONS);
  });
  it('names somebody by their key, or everybody', () => {
    expect(names([mention(0, 1)], alice)).toBe(true);
    expect(names([mention(0, 1)], bob)).toBe(false);
    expect(names([mention(0, 1, new Uint8Array(0))], bob)).toBe(true);
    expect(names([], bob)).toBe(false);
  });
});

describe('a reaction', () => {
  it('is one emoji, whatever it is put together from', () => {
    for (const emoji of ['👍', '👍🏽', '❤️', '❤', '👨‍👩‍👧‍👦', '👩🏻‍❤️‍💋‍👨🏿', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '🇵🇹', '3️⃣', '🏳️‍🌈', '✊🏿']) expect(isEmoji(emoji), emoji).toBe(true);
  });
  it('is nothing else', () => {
    const zalgo = `👍${'\u0301'.repeat(8)}`;
    for (const text of ['', 'a', 'ok', '3', ' ', '👍👍', '👍 ', zalgo, '\u200d', '<b>', '🇵', '🇵🇹🇧🇷', `👍${'\u{e0061}'.repeat(3)}`, '👍\u200d', '👍\ufe0f\ufe0f', '\ud83d', `👍${'\u200d👍'.repeat(2000)}`]) {
      expect(isEmoji(text), text.slice(0, 12)).toBe(false);
    }
  });
});

describe('a reference', () => {
  it('names an id, a sender, and a place that is a number', () => {
    const good = { id: new Uint8Array(16), sender: alice, seq: 5n };
    expect(isRef(create(MessageRefSchema, good))).toBe(true);
    for (const bad of [{ ...good, id: new Uint8Array(15) }, { ...good, sender: new Uint8Array(33) }, { ...good, seq: 2n ** 63n }]) {
      expect(isRef(create(MessageRefSchema, bad))).toBe(false);
    }
    expect(isRef(undefined)).toBe(false);
  });
});
