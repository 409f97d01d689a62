import { Body, Controller, Header, HttpCode, Inject, Post } from '@nestjs/common';
import { RelayRefusal } from '#shared/errors.ts';
import { Kind, PostCommitSchema, type PostRecord, PostRecordSchema, RecordPostedSchema } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { type MailboxId, mailboxId, postVerifyKey, signature, slot } from '#shared/ids.ts';
import { DROP_BODY_SIZES, HANDSHAKE_BODY_SIZES, POST_BODY_SIZES } from '#shared/limits.ts';
import { DROP_MAILBOX } from '#shared/mailboxes.ts';
import { PROTOBUF, decode, encode, must, ofSize } from '../http/protobuf.ts';
import type { Place } from './posting.store.ts';
import { type Dropping, PostingService } from './posting.service.ts';

@Controller('v1')
export class PostingController {
  private readonly posting: PostingService;

  constructor(@Inject(PostingService) posting: PostingService) {
    this.posting = posting;
  }

  @Post('records')
  @HttpCode(200)
  @Header('content-type', PROTOBUF)
  async record(@Body() body: unknown): Promise<Buffer> {
    const request = decode(PostRecordSchema, body);
    return posted(await this.postOrDrop(request));
  }

  @Post('commits')
  @HttpCode(200)
  @Header('content-type', PROTOBUF)
  async commit(@Body() body: unknown): Promise<Buffer> {
    const request = decode(PostCommitSchema, body);
    return posted(await this.posting.commit({
      mailbox: ordinaryMailbox(request.mailbox),
      slot: must(slot(request.slot)),
      body: ofSize(request.body, HANDSHAKE_BODY_SIZES),
      signature: must(signature(request.signature)),
      nextKey: must(postVerifyKey(request.nextVerifyKey)),
      nextProof: must(signature(request.nextProof)),
      postage: request.postage,
    }));
  }

  private async postOrDrop(request: PostRecord): Promise<Place> {
    if (request.kind === Kind.DROP) return this.posting.drop(parseDrop(request));
    if (request.kind !== Kind.POST && request.kind !== Kind.NOTICE) throw new RelayRefusal('bad-field');
    const kind = request.kind === Kind.POST ? Kind.POST : Kind.NOTICE;
    return this.posting.post({
      mailbox: ordinaryMailbox(request.mailbox),
      kind,
      slot: must(slot(request.slot)),
      body: ofSize(request.body, kind === Kind.POST ? POST_BODY_SIZES : HANDSHAKE_BODY_SIZES),
      signature: must(signature(request.signature)),
      postage: request.postage,
    });
  }
}

const posted = ({ shard, seq }: Place): Buffer => encode(RecordPostedSchema, { shard, seq: BigInt(seq) });

const isDropMailbox = (mailbox: MailboxId): boolean => Buffer.compare(mailbox, DROP_MAILBOX) === 0;

function ordinaryMailbox(bytes: Uint8Array): MailboxId {
  const mailbox = must(mailboxId(bytes));
  if (isDropMailbox(mailbox)) throw new RelayRefusal('bad-field');
  return mailbox;
}

/** Only into the drop mailbox, which stays in slot 0, and without a signature. */
function parseDrop(request: PostRecord): Dropping {
  const mailbox = must(mailboxId(request.mailbox));
  if (!isDropMailbox(mailbox) || request.slot !== 0n || request.signature.length !== 0) throw new RelayRefusal('bad-field');
  return { mailbox, body: ofSize(request.body, DROP_BODY_SIZES), postage: request.postage };
}
