import { Body, Controller, Header, HttpCode, Inject, Post } from '@nestjs/common';
import { RelayRefusal } from '#shared/errors.ts';
import { GatewayService } from './gateway.service.ts';
import { OHTTP_RESPONSE, SealedRequest } from './messages.ts';

@Controller('v1/gateway')
export class GatewayController {
  private readonly gateway: GatewayService;

  constructor(@Inject(GatewayService) gateway: GatewayService) {
    this.gateway = gateway;
  }

  @Post()
  @HttpCode(200)
  @Header('content-type', OHTTP_RESPONSE)
  async answer(@Body() body: unknown): Promise<Buffer> {
    if (!(body instanceof SealedRequest)) throw new RelayRefusal('malformed');
    return this.gateway.answer(body.bytes);
  }
}
