/**
 * Who takes what comes into a room. A content of a kind that nobody here takes is passed over: a newer device wrote it.
 * Whatever comes from another member may be anything; what is not as it should be is passed over as well, without a word.
 */
import type { RoomContent } from '../content/gen/thicket/content/v1/content_pb.ts';
import { mayWrite } from '../domain/room-roles.ts';
import type { Leaf } from '../mls/port.ts';
import type { LogRecord } from '../relay/port.ts';
import { takeDesk } from './boards/desk.ts';
import { takeOwn } from './devices/own-contents.ts';
import { roleIn } from './admins.ts';
import type { Draft } from './draft.ts';
import { takeCards } from './room-cards.ts';
import { settingsOf, type RoomState } from './room-state.ts';
import { answerAsking } from './repair/asking.ts';
import { takeProfile } from './profiles/profiles.ts';
import { takeLeaving } from './rooms/leaving.ts';
import { takeMessage } from './talk/messages.ts';
import { takeReceipt, takeTyping } from './talk/presence.ts';
import { takeDeletion, takeEdit, takePin, takeReaction } from './talk/remarks.ts';

type Body = RoomContent['body'];
export type ContentKind = Exclude<Body['case'], undefined>;

/** Something a member said, opened and proven to be theirs. */
export interface Heard {
  readonly draft: Draft;
  /** The room after opening it, as the draft has it. A change of it is `draft.rooms.set` of another. */
  readonly state: RoomState;
  readonly record: Pick<LogRecord, 'seq'>;
  readonly content: RoomContent;
  /** Member key. May be this device's own: what it sent comes here too once the log shows it. */
  readonly sender: Uint8Array;
  readonly leaf: Leaf;
}
export interface Said<Kind extends ContentKind> extends Heard {
  /** What is in the content's body. */
  readonly value: Extract<Body, { case: Kind }>['value'];
}
export type Take<Kind extends ContentKind> = (said: Said<Kind>) => void | Promise<void>;

/** One line a kind. */
const TAKES: { readonly [Kind in ContentKind]?: Take<Kind> } = {
  text: takeMessage,
  file: takeMessage,
  reaction: takeReaction,
  edit: takeEdit,
  deletion: takeDeletion,
  pin: takePin,
  typing: takeTyping,
  receipt: takeReceipt,
  cards: takeCards,
  leaving: takeLeaving,
  profile: takeProfile,
  own: takeOwn,
  desk: takeDesk,
  askAgain: answerAsking,
};

export async function takeContent(heard: Heard): Promise<void> {
  const { case: kind, value } = heard.content.body;
  if (kind === undefined) return;
  if (isUnheard(heard, kind)) return;
  const take = TAKES[kind] as ((said: Heard & { value: unknown }) => void | Promise<void>) | undefined;
  await take?.({ ...heard, value });
}

/** What only those may say who look after the room, where it is one for announcements. Asked with its settings of that moment. */
const WRITING: readonly ContentKind[] = ['text', 'file', 'edit'];

function isUnheard({ state: { room }, sender }: Heard, kind: ContentKind): boolean {
  const settings = settingsOf(room);
  return settings.announcementOnly && WRITING.includes(kind) && !mayWrite(roleIn(room, sender), settings);
}
