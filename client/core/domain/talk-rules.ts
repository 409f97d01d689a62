/** Who may say what about messages, and what a message may carry. Pure; asked before sending and of everything that comes. */
import type { Mention, MessageRef, RoomSettings, Text } from '../content/gen/thicket/content/v1/content_pb.ts';
import { mayModerate, mayWriteIn, roleOfSpeaker } from './room-roles.ts';
import { sameBytes } from './signing.ts';

/** In UTF-16 units. */
export const LONGEST_TEXT = 16_000;
export const LONGEST_CAPTION = 2_000;
export const MOST_MENTIONS = 50;
/** Different ones on one message. */
export const MOST_REACTIONS = 20;
/** Texts before the present one: the first, and the newest. */
export const MOST_VERSIONS = 20;
export const MOST_PINS = 100;
/** Of UTF-8: a couple that kisses, each in a tone of skin, takes 35. */
const LONGEST_EMOJI = 40;

type Settings = Pick<RoomSettings, 'admins' | 'moderators' | 'announcementOnly'>;

/** What the rules know of a message. */
export interface JudgedMessage {
  /** Member key. */
  readonly sender: Uint8Array;
  /** Deleted: nothing more can be said about it. */
  readonly gone: boolean;
}

export const mayEdit = (settings: Settings, message: JudgedMessage, member: Uint8Array): boolean =>
  !message.gone && sameBytes(message.sender, member) && mayWriteIn(settings, member);

export const mayDelete = (settings: Settings, message: JudgedMessage, member: Uint8Array): boolean =>
  !message.gone && (sameBytes(message.sender, member) || mayModerate(roleOfSpeaker(settings, member)));

export const mayPin = (settings: Settings, message: JudgedMessage, member: Uint8Array): boolean =>
  !message.gone && mayWriteIn(settings, member);

// ---------------------------------------------------------------- what comes from others

/** The mentions that name a stretch of the text, and the text; undefined where no honest device would have sent it. */
export function textFacts({ text, mentions }: Pick<Text, 'text' | 'mentions'>, longest = LONGEST_TEXT): Pick<Text, 'text' | 'mentions'> | undefined {
  if (text.length === 0 || text.length > longest) return undefined;
  return { text, mentions: mentions.length === 0 ? [] : mentions.filter((mention) => isMentionIn(text, mention)).slice(0, MOST_MENTIONS) };
}

const isMentionIn = (text: string, { start, length, member }: Pick<Mention, 'start' | 'length' | 'member'>): boolean =>
  length > 0 && start + length <= text.length && (member.length === 0 || member.length === 32);

/** It names this member, or everybody. */
export const names = (mentions: readonly Pick<Mention, 'member'>[], member: Uint8Array): boolean =>
  mentions.some((mention) => mention.member.length === 0 || sameBytes(mention.member, member));

export const isRef = (ref: MessageRef | undefined): ref is MessageRef =>
  ref !== undefined && ref.id.length === 16 && ref.sender.length === 32 && ref.seq <= BigInt(Number.MAX_SAFE_INTEGER);

// A flag, a keycap, or pictures joined to one, each with its tone.
const PICTURE = String.raw`\p{Extended_Pictographic}[\ufe0f\p{Emoji_Modifier}]?`;
const EMOJI = new RegExp(String.raw`^(?:\p{Regional_Indicator}{2}|[0-9#*]\ufe0f?\u20e3|\u{1f3f4}[\u{e0020}-\u{e007f}]{2,8}|${PICTURE}(?:\u200d${PICTURE})*)$`, 'u');
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** One that is drawn as one. */
export const isEmoji = (text: string): boolean =>
  text.length > 0 && text.length <= LONGEST_EMOJI && EMOJI.test(text) && new TextEncoder().encode(text).length <= LONGEST_EMOJI
  && [...graphemes.segment(text)].length === 1;
