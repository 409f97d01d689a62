/** Posts made beforehand: signed, paid for with tokens of the hub's own key, all different. */
import { createHash } from 'node:crypto';
import { create, toBinary } from '@bufbuild/protobuf';
import { Kind, PostRecordSchema } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import type { MailboxId, Signature, Slot } from '#shared/ids.ts';
import { POST_BODY_SIZES } from '#shared/limits.ts';
import { recordCost } from '#shared/postage.ts';
import { postMessage } from '#shared/signing.ts';
import { random, type WireHub, type WireMailbox } from '../../harness/wire.ts';

export interface ReadyPost {
  readonly mailbox: MailboxId;
  readonly kind: typeof Kind.POST;
  readonly slot: Slot;
  readonly body: Uint8Array;
  readonly signature: Signature;
  readonly postage: Uint8Array;
}

/** One mailbox to a poster. */
export const mailboxesFor = (hub: WireHub, posters: number): Promise<WireMailbox[]> => Promise.all(Array.from({ length: posters }, () => hub.openMailbox()));

/** @returns for each mailbox its share of `count` */
export async function readyPosts(hub: WireHub, mailboxes: readonly WireMailbox[], count: number): Promise<ReadyPost[][]> {
  const shares: ReadyPost[][] = mailboxes.map(() => []);
  for (let index = 0; index < count; index += 1) {
    const mailbox = mailboxes[index % mailboxes.length] as WireMailbox;
    const body = random(POST_BODY_SIZES[0]);
    const facts = { hub: hub.hub, mailbox: mailbox.id, slot: 0 as Slot, kind: Kind.POST, bodyHash: createHash('sha256').update(body).digest() };
    shares[index % mailboxes.length]?.push({
      mailbox: mailbox.id, kind: Kind.POST, slot: facts.slot, body, signature: mailbox.key.sign(postMessage(facts)) as Signature,
      postage: await hub.purse.take(recordCost(body.length)),
    });
  }
  return shares;
}

/** The same as a request of the wire. */
export const requestOf = ({ mailbox, kind, slot, body, signature, postage }: ReadyPost): Uint8Array =>
  toBinary(PostRecordSchema, create(PostRecordSchema, { mailbox, kind, slot: BigInt(slot), body, signature, postage }));
