import { Body, Controller, Header, Headers, HttpCode, Inject, Options, Param, Post } from '@nestjs/common';
import { ForwarderService } from './forwarder.service.ts';
import { arriving, OHTTP_RESPONSE } from './messages.ts';

/** The browsers of another hub call this from their own origin; http/security-headers.ts lets them, here only. */
@Controller('v1/oblivious')
export class ForwarderController {
  private readonly forwarder: ForwarderService;

  constructor(@Inject(ForwarderService) forwarder: ForwarderService) {
    this.forwarder = forwarder;
  }

  @Options(':host')
  @HttpCode(204)
  mayBeCalled(): void {
    // The headers say it all.
  }

  @Post(':host')
  @HttpCode(200)
  @Header('content-type', OHTTP_RESPONSE)
  async forward(@Param('host') host: string, @Headers('content-length') announced: string | undefined, @Body() body: unknown): Promise<Buffer> {
    return this.forwarder.forward(host, arriving(body, announced));
  }
}
