import { Body, Controller, Header, Headers, HttpCode, Inject, Post, UseGuards } from '@nestjs/common';
import { RelayRefusal } from '#shared/errors.ts';
import { DrawTokensSchema, TokenKind, TokensDrawnSchema } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { week } from '#shared/ids.ts';
import { LIMITS } from '#shared/limits.ts';
import { PROTOBUF, decode, encode, must } from '../http/protobuf.ts';
import { PassGuard, parsePass } from '../passes/pass.guard.ts';
import { DrawsService } from './draws.service.ts';

@Controller('v1/postage')
export class DrawsController {
  private readonly draws: DrawsService;

  constructor(@Inject(DrawsService) draws: DrawsService) {
    this.draws = draws;
  }

  @Post('draw')
  @UseGuards(PassGuard)
  @HttpCode(200)
  @Header('content-type', PROTOBUF)
  async draw(@Body() body: unknown, @Headers('authorization') authorization: string | undefined): Promise<Buffer> {
    const request = decode(DrawTokensSchema, body);
    if (request.blinded.length < 1 || request.blinded.length > LIMITS.tokensPerDraw) throw new RelayRefusal('bad-field');
    const { evaluated, proof, left } = await this.draws.draw({
      pass: must(parsePass(authorization), 'no-pass').pass,
      kind: kindOf(request.kind),
      week: must(week(request.week)),
      blinded: request.blinded,
    });
    return encode(TokensDrawnSchema, { evaluated: [...evaluated], proof, left });
  }
}

function kindOf(kind: TokenKind): 'postage' | 'ticket' {
  if (kind === TokenKind.POSTAGE) return 'postage';
  if (kind === TokenKind.TICKET) return 'ticket';
  throw new RelayRefusal('bad-field');
}
