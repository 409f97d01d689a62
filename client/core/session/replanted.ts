/** Whether a Welcome is that of a room this device knows, going on from another mailbox. */
import { ReplantingFactsSchema, type RoomSettings } from '../content/gen/thicket/content/v1/content_pb.ts';
import { decode } from '../domain/parsing.ts';
import { includesKey, LABELS, sameBytes, signersOf } from '../domain/signing.ts';
import { ed25519Verify } from '#shared/sodium.ts';
import { standingAdmins } from './admins.ts';
import type { Draft } from './draft.ts';
import { roomIdOf, type RoomState } from './room-state.ts';

export interface Replanted {
  /** The room as it was. */
  readonly before: RoomState;
  readonly planted: NonNullable<RoomState['planted']>;
}

/** A Welcome into a mailbox that this device did not know. */
export interface Arrival {
  readonly mailbox: Uint8Array;
  readonly settings: RoomSettings;
  /** The member whose leaf signed the Welcome. */
  readonly by: Uint8Array;
  /** Where the commit behind it stands in the log. */
  readonly seq: number;
}

/**
 * Only an admin of the room as this device knew it last can move it, with a leaf in it and certificates that stand, and
 * never who broke it: both whoever signed the move and whoever made the Welcome, which another device of our own may be, too. Where two admins moved it at once, the
 * one whose first commit stands earlier in the log is followed, by everybody alike.
 * @returns undefined for a room that was never replanted, or not one of ours: then it is simply a new one
 */
export function replantedFrom(draft: Draft, { mailbox, settings, by, seq }: Arrival): Replanted | 'refused' | undefined {
  const { replanting } = settings;
  const facts = replanting && decode(ReplantingFactsSchema, replanting.facts);
  const before = facts && (roomThatWasAt(draft, facts.oldMailbox) ?? roomLeftAs(draft, settings.firstMailbox));
  if (replanting === undefined || facts === undefined || before === undefined) return undefined;
  if (!sameBytes(facts.newMailbox, mailbox) || !sameBytes(facts.hub, draft.device.hub)) return 'refused';

  const culprit = before.stuck?.by ?? new Uint8Array(0);
  // While our own first commit is under way, the people we took along are in the state it leads to.
  const room = before.planted?.seq === 0n ? before.pending?.next ?? before.room : before.room;
  const trusted = standingAdmins(room, draft.constitution).filter((key) => !sameBytes(key, culprit));
  const signers = signersOf(LABELS.replanting, replanting, ed25519Verify);
  const isTrusted = sameBytes(by, draft.device.member.key) || includesKey(trusted, by);
  if (!isTrusted || !signers.some((key) => includesKey(trusted, key))) return 'refused';

  // Who comes later was without a key package at first.
  const without = facts.without.filter((key) => !sameBytes(key, draft.device.member.key));
  const moved = !sameBytes(before.mailbox, facts.oldMailbox);
  // Whoever was out of it when it moved has no other move to hold this one against.
  if (moved && before.room.active && before.planted !== undefined && before.planted.seq > 0n && before.planted.seq <= BigInt(seq)) return 'refused';
  return { before, planted: { from: facts.oldMailbox, seq: BigInt(seq), without, owed: [] } };
}

/** The mailbox that a room with these settings says it has left. */
export const leftBehind = ({ replanting }: RoomSettings): Uint8Array | undefined => replanting && decode(ReplantingFactsSchema, replanting.facts)?.oldMailbox;

/** One that this person was out of while it moved, perhaps more than once. */
function roomLeftAs({ rooms }: Draft, firstMailbox: Uint8Array): RoomState | undefined {
  const known = rooms.get(roomIdOf(firstMailbox));
  return known?.room.active === false ? known : undefined;
}

function roomThatWasAt(draft: Draft, mailbox: Uint8Array): RoomState | undefined {
  const here = draft.roomAt(mailbox);
  if (here !== undefined) return here;
  for (const [, state] of draft.rooms.entries()) if (state.planted && sameBytes(state.planted.from, mailbox)) return state;
  return undefined;
}
