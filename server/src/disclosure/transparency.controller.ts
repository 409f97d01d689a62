import { Controller, Get, Header, Inject } from '@nestjs/common';
import { TransparencyService } from './transparency.service.ts';

@Controller('v1/transparency')
export class TransparencyController {
  private readonly transparency: TransparencyService;

  constructor(@Inject(TransparencyService) transparency: TransparencyService) {
    this.transparency = transparency;
  }

  /** For anybody, without a pass. @throws RelayRefusal storage-unavailable */
  @Get()
  @Header('content-type', 'application/json; charset=utf-8')
  @Header('cache-control', 'public, max-age=86400')
  async report(): Promise<string> {
    return this.transparency.report();
  }
}
