import { Body, Controller, Header, Headers, HttpCode, Inject, Post } from '@nestjs/common';
import { GatewayService } from './gateway.service.ts';
import { arriving, OHTTP_RESPONSE, readBody } from './messages.ts';

@Controller('v1/gateway')
export class GatewayController {
  private readonly gateway: GatewayService;

  constructor(@Inject(GatewayService) gateway: GatewayService) {
    this.gateway = gateway;
  }

  @Post()
  @HttpCode(200)
  @Header('content-type', OHTTP_RESPONSE)
  async answer(@Headers('content-length') announced: string | undefined, @Body() body: unknown): Promise<Buffer> {
    const { stream, length } = arriving(body, announced);
    return this.gateway.answer(await readBody(stream, length));
  }
}
