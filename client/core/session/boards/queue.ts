/**
 * Announcements on their way: sealed in the era of the moment, durable before they leave, and the same to the byte until the
 * relay answers. Once the log shows one it is out of the queue.
 */
import { create, toBinary } from '@bufbuild/protobuf';
import { Kind } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import type { MailboxId, Slot } from '#shared/ids.ts';
import { recordCost } from '#shared/postage.ts';
import { postMessage } from '#shared/signing.ts';
import { hex, sha256 } from '#shared/sodium.ts';
import { BoardPostingSchema, ContentFactsSchema, PostingFactsSchema } from '../../content/gen/thicket/content/v1/boards_pb.ts';
import type { Signed } from '../../content/gen/thicket/content/v1/content_pb.ts';
import { OutboxItemSchema, OutboxItem_SealedSchema, type OutboxItem, type OutboxItem_Announcing, type OutboxItem_Sealed } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { decode } from '../../domain/parsing.ts';
import { LABELS, sameBytes, signFacts } from '../../domain/signing.ts';
import { SessionFailure, type BoardId } from '../api.ts';
import type { Device } from '../device.ts';
import type { Draft } from '../draft.ts';
import { paying } from '../paying.ts';
import { payFor } from '../postage-stock.ts';
import { signerFrom } from '../signer.ts';
import { writerOf } from './board-keys.ts';
import { sealRecord } from './board-record.ts';
import { eraKeysOf, postSignerOf, secretsOf, withChain } from './board-state.ts';

/** @param content signed by as many coordinators as it needs */
export function queueAnnouncing(draft: Draft, board: Uint8Array, content: Signed): void {
  draft.enqueue(create(OutboxItemSchema, { what: { case: 'announcing', value: { board, content } } }));
}

const contentIdOf = ({ content }: OutboxItem_Announcing): Uint8Array | undefined => content && decode(ContentFactsSchema, content.facts)?.id;

export const isQueued = (draft: Draft, id: Uint8Array): boolean =>
  [...draft.outbox.entries()].some(([, { what }]) => what.case === 'announcing' && sameBytes(contentIdOf(what.value) ?? new Uint8Array(0), id));

/** The log shows it, whoever sent it. */
export function dropAnnounced(draft: Draft, board: BoardId, id: Uint8Array): void {
  for (const [order, { what }] of draft.outbox.entries()) {
    const isIt = what.case === 'announcing' && hex(what.value.board) === board && sameBytes(contentIdOf(what.value) ?? new Uint8Array(0), id);
    if (isIt) draft.outbox.delete(order);
  }
  draft.entries.delete({ collection: 'board-desk', scope: `${board}/${hex(id)}`, order: 0 });
  draft.emit({ changed: 'desk', board });
}

export function updateAnnouncing(draft: Draft, order: number, change: Partial<OutboxItem_Announcing>): void {
  const item = draft.outbox.get(order);
  if (item?.what.case !== 'announcing') return;
  const next: OutboxItem = { ...item, what: { case: 'announcing', value: { ...item.what.value, ...change } } };
  draft.outbox.set(order, next);
}

/** For an era that is over: it is sealed anew. */
export function unsealAnnouncing(draft: Draft, order: number): void {
  const item = draft.outbox.get(order);
  if (item?.what.case !== 'announcing') return;
  const { sealed: _sealed, ...rest } = item.what.value;
  draft.outbox.set(order, { ...item, what: { case: 'announcing', value: { ...rest, acknowledgedSeq: 0n } } });
}

/** Body, the chain behind it and what pays for it become durable together. @throws SessionFailure `not-allowed` */
export function sealAnnouncing(device: Device, order: number): Promise<OutboxItem_Sealed | undefined> {
  return paying(device, async (draft) => {
    const item = draft.outbox.get(order);
    if (item?.what.case !== 'announcing') return undefined;
    const { board, content, postage } = item.what.value;
    const state = draft.boards.get(hex(board));
    const secrets = secretsOf(state);
    if (state === undefined || content === undefined) return undefined;
    // An era began with a renewal, and the desk has not said yet what holds now.
    if (secrets.era !== state.era) throw new SessionFailure('not-yet');
    const facts = create(PostingFactsSchema, { hub: device.hub, board, era: state.era, n: state.chainNext, content: sha256(content.facts), sentAtMs: BigInt(device.now()) });
    const signers = [signerFrom(secrets.boardSeed), writerOf(draft.profile.memberSeed, board)];
    const posting = create(BoardPostingSchema, { posting: signFacts(LABELS.boardPosting, toBinary(PostingFactsSchema, facts), signers), content });
    const record = sealRecord(eraKeysOf(state), toBinary(BoardPostingSchema, posting));
    if (record === undefined) throw new SessionFailure('bad-announcement');
    const slot = Number(state.era) as Slot;
    const message = postMessage({ hub: device.hub, mailbox: board as MailboxId, slot, kind: Kind.POST, bodyHash: sha256(record.body) });
    const sealed = create(OutboxItem_SealedSchema, { body: record.body, slot: BigInt(slot), signature: postSignerOf(secrets, secrets.eraSecret).sign(message) });
    // The next of this device goes on from there; the record itself is still to be read, at its own step.
    draft.boards.set(hex(board), withChain(state, { from: state.chainFrom, key: state.chain, next: record.n + 1 }));
    updateAnnouncing(draft, order, { sealed, postage: payFor(draft, recordCost(record.body.length), postage) });
    return sealed;
  });
}
