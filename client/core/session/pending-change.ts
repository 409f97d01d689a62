/** A commit made ready to leave: signed for the slot it ends and for the one it opens, and paid for. */
import { Kind } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import type { Slot } from '#shared/ids.ts';
import { recordCost } from '#shared/postage.ts';
import { commitMessage, nextKeyMessage } from '#shared/signing.ts';
import { create } from '@bufbuild/protobuf';
import { NewcomingSchema } from '../content/gen/thicket/vault/v1/vault_pb.ts';
import type { PendingCommit } from '../mls/port.ts';
import { sha256 } from '#shared/sodium.ts';
import type { Draft } from './draft.ts';
import { payFor } from './postage-stock.ts';
import { bodyHash, type Pending, type RoomState } from './room-state.ts';

export interface Planned {
  readonly commit: PendingCommit;
  readonly keyPackages?: readonly Uint8Array[];
}

/**
 * @param kept tokens of an earlier try at the same change, which lost its race
 * @throws TokensMissing
 */
export async function pendingChange(
  draft: Draft, { mailbox, room }: Pick<RoomState, 'mailbox' | 'room'>, { commit, keyPackages = [] }: Planned, kept?: Uint8Array,
): Promise<Pending> {
  const { hub, mls } = draft.device;
  const slot = room.epoch as Slot;
  const [key, nextKey] = [await mls.postKey(room), await mls.postKey(commit.next)];
  const facts = { hub, mailbox, slot, kind: Kind.COMMIT, bodyHash: sha256(commit.body) };
  return {
    body: commit.body,
    bodyHash: bodyHash(commit.body),
    slot,
    next: commit.next,
    signature: key.sign(commitMessage(facts, nextKey.verifyKey)),
    nextVerifyKey: nextKey.verifyKey,
    nextProof: nextKey.sign(nextKeyMessage(facts, nextKey.verifyKey)),
    newcoming: commit.welcomes.map((welcome, index) =>
      create(NewcomingSchema, { welcome, keyPackage: keyPackages[index] ?? new Uint8Array(0) })),
    withdrawn: false,
    postage: payFor(draft, recordCost(commit.body.length), kept),
  };
}
