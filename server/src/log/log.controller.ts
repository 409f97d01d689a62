import { Readable } from 'node:stream';
import { Controller, Get, Inject, Param, Req, Res, UseGuards } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RelayRefusal } from '#shared/errors.ts';
import { type ShardIndex, shardIndex } from '#shared/ids.ts';
import { PROTOBUF, must } from '../http/protobuf.ts';
import { PassGuard } from '../passes/pass.guard.ts';
import { LogService } from './log.service.ts';

/** A day: the copy in a browser's cache should not outlive the record by much. */
const COMPLETE = 'private, max-age=86400, immutable';
const INCOMPLETE = 'no-store';

@Controller('v1/log')
export class LogController {
  private readonly log: LogService;

  constructor(@Inject(LogService) log: LogService) {
    this.log = log;
  }

  @Get(':shard/:page')
  @UseGuards(PassGuard)
  async page(@Param('shard') shardText: string, @Param('page') pageText: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const page = await this.log.page(parseShard(shardText), parseNumber(pageText));
    void reply.header('content-type', PROTOBUF).header('cache-control', page.complete ? COMPLETE : INCOMPLETE);
    if (page.complete) void reply.header('etag', page.etag);
    if (page.complete && names(request.headers['if-none-match'], page.etag)) {
      await reply.code(304).send();
      return;
    }
    await reply.send(Readable.from(page.pieces, { objectMode: false }));
  }
}

/** Whether If-None-Match names this tag (RFC 9110 section 13.1.2). A proxy may have made it weak. */
const names = (condition: string | undefined, etag: string): boolean =>
  condition !== undefined && (condition.trim() === '*' || condition.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag));

const parseShard = (text: string): ShardIndex => must(shardIndex(parseNumber(text, 'unknown-shard')), 'unknown-shard');

/** Decimal, as written by a device; anything else names no page. */
function parseNumber(text: string, code: 'unknown-shard' | 'unknown-page' = 'unknown-page'): number {
  if (!/^(0|[1-9][0-9]{0,12})$/.test(text)) throw new RelayRefusal(code);
  return Number(text);
}
