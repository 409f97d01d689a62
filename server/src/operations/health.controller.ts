import { Controller, Get, Header, Inject } from '@nestjs/common';
import { Database } from '../database/database.ts';

/** For the container's health check and the proxy: is the relay up, and does its database answer? */
@Controller('healthz')
export class HealthController {
  private readonly database: Database;

  constructor(@Inject(Database) database: Database) {
    this.database = database;
  }

  /** @throws RelayRefusal storage-unavailable */
  @Get()
  @Header('content-type', 'text/plain; charset=utf-8')
  @Header('cache-control', 'no-store')
  async health(): Promise<string> {
    await this.database.query('SELECT 1');
    return 'ok\n';
  }
}
