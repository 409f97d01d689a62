/**
 * What is said about a message, worked into it: reactions, changes, deletion. Pure; the same for what the log shows and for
 * what this device has still to send. Each returns what is so afterwards, or undefined where nothing changes.
 */
import { create } from '@bufbuild/protobuf';
import type { Mention, Text } from '../content/gen/thicket/content/v1/content_pb.ts';
import { StoredMessageSchema, StoredNotesSchema, type StoredMessage, type StoredNotes } from '../content/gen/thicket/vault/v1/vault_pb.ts';
import { includesKey, sameBytes } from './signing.ts';
import { isEmoji, LONGEST_CAPTION, MOST_REACTIONS, MOST_VERSIONS, textFacts } from './talk-rules.ts';

/** A message and what is kept beside it. */
export interface Noted {
  readonly message: StoredMessage;
  readonly notes: StoredNotes;
}

type Reactions = StoredNotes['reactions'][number];

/** @param by member key */
export function react({ message, notes }: Noted, by: Uint8Array, emoji: string, on: boolean): StoredNotes | undefined {
  if (message.gone || !isEmoji(emoji)) return undefined;
  const known = notes.reactions.find((one) => one.emoji === emoji);
  if (on === (known !== undefined && includesKey(known.by, by))) return undefined;
  if (on && known === undefined && notes.reactions.length >= MOST_REACTIONS) return undefined;
  const others = (one: Reactions): Reactions => ({ ...one, by: one.by.filter((key) => !sameBytes(key, by)) });
  if (!on) return { ...notes, reactions: notes.reactions.map((one) => (one === known ? others(one) : one)).filter((one) => one.by.length > 0) };
  if (known !== undefined) return { ...notes, reactions: notes.reactions.map((one) => (one === known ? { ...one, by: [...one.by, by] } : one)) };
  const added: Reactions = { $typeName: 'thicket.vault.v1.StoredNotes.Reactions', emoji, by: [by] };
  return { ...notes, reactions: [...notes.reactions, added] };
}

/** Of a file it is the caption that changes, and that may be taken away. @param at milliseconds since 1970, by the sender's clock */
export function edit({ message, notes }: Noted, text: Pick<Text, 'text' | 'mentions'>, at: bigint): Noted | undefined {
  if (message.gone) return undefined;
  const changed = message.file === undefined ? textFacts(text) : captionFacts(text);
  if (changed === undefined || isSame(message, changed)) return undefined;
  const before: StoredNotes['versions'][number] = {
    $typeName: 'thicket.vault.v1.StoredNotes.Version', text: message.text, mentions: message.mentions, atMs: message.editedAtMs || message.sentAtMs,
  };
  const all = [...notes.versions, before];
  const versions = all.length > MOST_VERSIONS ? [...all.slice(0, 1), ...all.slice(1 - MOST_VERSIONS)] : all;
  return { message: { ...message, ...changed, editedAtMs: at === 0n ? 1n : at }, notes: { ...notes, versions } };
}

const captionFacts = (text: Pick<Text, 'text' | 'mentions'>): Pick<Text, 'text' | 'mentions'> | undefined =>
  text.text.length === 0 ? { text: '', mentions: [] } : textFacts(text, LONGEST_CAPTION);

const isSame = (message: StoredMessage, { text, mentions }: { text: string; mentions: Mention[] }): boolean =>
  message.text === text && message.mentions.length === mentions.length
  && message.mentions.every((one, index) => one.start === mentions[index]?.start && one.length === mentions[index].length && sameBytes(one.member, mentions[index].member));

/** Nothing of what it said is left, here or beside it; the thread under it stays. @param by member key */
export function forget({ message: { id, sender, sentAtMs, vanishesAtMs }, notes: { thread } }: Noted, by: Uint8Array): Noted {
  return {
    message: create(StoredMessageSchema, { id, sender, sentAtMs, vanishesAtMs, gone: true }),
    notes: create(StoredNotesSchema, { ...(thread && { thread }), ...(!sameBytes(by, sender) && { deletedBy: by }) }),
  };
}
