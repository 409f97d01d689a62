import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { Controller, Get, Inject, Param, Req, Res, UseGuards } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RelayRefusal } from '#shared/errors.ts';
import { type ShardIndex, shardIndex } from '#shared/ids.ts';
import { PROTOBUF, must } from '../http/protobuf.ts';
import type { ByteBudget } from '../overload/byte-budget.ts';
import { PACE, STALLED_MS } from '../overload/figures.ts';
import { PAGE_BUDGET } from '../overload/overload.module.ts';
import { PassGuard } from '../passes/pass.guard.ts';
import { LogService, type Page } from './log.service.ts';

/** A day: the copy in a browser's cache should not outlive the record by much. */
const COMPLETE = 'private, max-age=86400, immutable';
const INCOMPLETE = 'no-store';

@Controller('v1/log')
export class LogController {
  private readonly log: LogService;
  private readonly budget: ByteBudget;

  constructor(@Inject(LogService) log: LogService, @Inject(PAGE_BUDGET) budget: ByteBudget) {
    this.log = log;
    this.budget = budget;
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
    if (!this.budget.take(page.largestPiece)) throw new RelayRefusal('too-many');
    this.watch(reply.raw, page);
    // A mark of 0: the next piece is read when the one before is on its way, not earlier.
    await reply.send(Readable.from(page.pieces, { objectMode: false, highWaterMark: 0 }));
  }

  /** A reader that takes nothing, or takes it too slowly, is cut; the memory of its piece is free again. */
  private watch(reply: ServerResponse, { largestPiece, bytes }: Page): void {
    const cut = (): void => void reply.destroy();
    const deadline = setTimeout(cut, PACE.graceMs + (bytes / PACE.bytesPerSecond) * 1000);
    reply.setTimeout(STALLED_MS, cut);
    reply.once('close', () => {
      clearTimeout(deadline);
      this.budget.give(largestPiece);
    });
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
