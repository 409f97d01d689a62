import { Body, Controller, Header, HttpCode, Inject, Post } from '@nestjs/common';
import { MailboxOpenedSchema, OpenMailboxSchema } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { mailboxId, postVerifyKey, signature } from '#shared/ids.ts';
import { PROTOBUF, decode, encode, must } from '../http/protobuf.ts';
import { MailboxesService } from './mailboxes.service.ts';

@Controller('v1/mailboxes')
export class MailboxesController {
  private readonly mailboxes: MailboxesService;

  constructor(@Inject(MailboxesService) mailboxes: MailboxesService) {
    this.mailboxes = mailboxes;
  }

  @Post()
  @HttpCode(200)
  @Header('content-type', PROTOBUF)
  async open(@Body() body: unknown): Promise<Buffer> {
    const request = decode(OpenMailboxSchema, body);
    await this.mailboxes.open(
      must(mailboxId(request.mailbox)), must(postVerifyKey(request.verifyKey)), must(signature(request.proof)), request.postage,
    );
    return encode(MailboxOpenedSchema, {});
  }
}
