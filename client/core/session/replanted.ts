/** Whether a Welcome is that of a room this device knows, going on from another mailbox. */
import { ReplantingFactsSchema, type RoomSettings } from '../content/gen/thicket/content/v1/content_pb.ts';
import { decode } from '../domain/parsing.ts';
import { includesKey, LABELS, sameBytes, signersOf } from '../domain/signing.ts';
import { ed25519Verify } from '../sodium.ts';
import type { Draft } from './draft.ts';
import { settingsOf, type RoomState } from './room-state.ts';

export interface Replanted {
  /** The room as it was. */
  readonly before: RoomState;
  readonly planted: NonNullable<RoomState['planted']>;
}

/**
 * Only an admin of the room as it was can move it, and nobody can who broke it. Where two did so at once, the one whose
 * first commit stands earlier in the log is followed, by everybody alike.
 * @returns undefined for a room that was never replanted, or not one of ours: then it is simply a new one
 */
export function replantedFrom(draft: Draft, settings: RoomSettings, mailbox: Uint8Array, commitSeq: number): Replanted | 'refused' | undefined {
  const { replanting } = settings;
  const facts = replanting && decode(ReplantingFactsSchema, replanting.facts);
  const before = facts && roomThatWasAt(draft, facts.oldMailbox);
  if (replanting === undefined || facts === undefined || before === undefined) return undefined;
  if (!sameBytes(facts.newMailbox, mailbox) || !sameBytes(facts.hub, draft.device.hub)) return 'refused';

  const { admins } = settingsOf(before.room);
  const culprit = before.stuck?.by ?? new Uint8Array(0);
  const signers = signersOf(LABELS.replanting, replanting, ed25519Verify);
  if (!signers.some((key) => includesKey(admins, key) && !sameBytes(key, culprit))) return 'refused';

  const moved = !sameBytes(before.mailbox, facts.oldMailbox);
  if (moved && before.planted !== undefined && before.planted.seq > 0n && before.planted.seq <= BigInt(commitSeq)) return 'refused';
  return { before, planted: { from: facts.oldMailbox, seq: BigInt(commitSeq), without: facts.without } };
}

function roomThatWasAt(draft: Draft, mailbox: Uint8Array): RoomState | undefined {
  const here = draft.roomAt(mailbox);
  if (here !== undefined) return here;
  for (const [, state] of draft.rooms.entries()) if (state.planted && sameBytes(state.planted.from, mailbox)) return state;
  return undefined;
}
