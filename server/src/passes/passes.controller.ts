import { Body, Controller, Header, HttpCode, Inject, Post } from '@nestjs/common';
import { PassRegisteredSchema, RegisterPassSchema } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { passId, secret32 } from '#shared/ids.ts';
import { PROTOBUF, decode, encode, must } from '../http/protobuf.ts';
import { PassesService } from './passes.service.ts';

@Controller('v1')
export class PassesController {
  private readonly passes: PassesService;

  constructor(@Inject(PassesService) passes: PassesService) {
    this.passes = passes;
  }

  @Post('passes')
  @HttpCode(200)
  @Header('content-type', PROTOBUF)
  async register(@Body() body: unknown): Promise<Buffer> {
    const request = decode(RegisterPassSchema, body);
    await this.passes.register({
      ticket: request.ticket,
      pass: must(passId(request.passId)),
      secret: must(secret32(request.passSecret)),
    });
    return encode(PassRegisteredSchema, {});
  }
}
