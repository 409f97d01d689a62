import { Body, Controller, Header, HttpCode, Inject, Post } from '@nestjs/common';
import {
  AnswerRendezvousSchema, ClaimRendezvousSchema, OpenRendezvousSchema, ReadRendezvousSchema, RendezvousAnsweredSchema, RendezvousClaimedSchema,
  RendezvousOpenedSchema, RendezvousStateSchema,
} from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { rendezvousId, secret32 } from '#shared/ids.ts';
import { ANSWER_BODY_SIZES, CLAIM_BODY_SIZES } from '#shared/limits.ts';
import { PROTOBUF, decode, encode, must, ofSize } from '../http/protobuf.ts';
import { RendezvousService } from './rendezvous.service.ts';

const EMPTY = new Uint8Array(0);

@Controller('v1/rendezvous')
export class RendezvousController {
  private readonly rendezvous: RendezvousService;

  constructor(@Inject(RendezvousService) rendezvous: RendezvousService) {
    this.rendezvous = rendezvous;
  }

  @Post('open')
  @HttpCode(200)
  @Header('content-type', PROTOBUF)
  async open(@Body() body: unknown): Promise<Buffer> {
    const request = decode(OpenRendezvousSchema, body);
    await this.rendezvous.open(must(rendezvousId(request.rendezvous)), must(secret32(request.ownerSecret)), request.postage);
    return encode(RendezvousOpenedSchema, {});
  }

  @Post('claim')
  @HttpCode(200)
  @Header('content-type', PROTOBUF)
  async claim(@Body() body: unknown): Promise<Buffer> {
    const request = decode(ClaimRendezvousSchema, body);
    await this.rendezvous.claim(
      must(rendezvousId(request.rendezvous)), must(secret32(request.claimSecret)), ofSize(request.body, CLAIM_BODY_SIZES),
    );
    return encode(RendezvousClaimedSchema, {});
  }

  @Post('answer')
  @HttpCode(200)
  @Header('content-type', PROTOBUF)
  async answer(@Body() body: unknown): Promise<Buffer> {
    const request = decode(AnswerRendezvousSchema, body);
    await this.rendezvous.answer(
      must(rendezvousId(request.rendezvous)), must(secret32(request.ownerSecret)), ofSize(request.body, ANSWER_BODY_SIZES),
    );
    return encode(RendezvousAnsweredSchema, {});
  }

  @Post('read')
  @HttpCode(200)
  @Header('content-type', PROTOBUF)
  async read(@Body() body: unknown): Promise<Buffer> {
    const request = decode(ReadRendezvousSchema, body);
    const { claim, answer, refusedClaims } = await this.rendezvous.read(must(rendezvousId(request.rendezvous)), must(secret32(request.secret)));
    return encode(RendezvousStateSchema, { claim: claim ?? EMPTY, answer: answer ?? EMPTY, refusedClaims });
  }
}
