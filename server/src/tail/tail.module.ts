import { Inject, Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { ShardIndex } from '#shared/ids.ts';
import { listenForNotices } from '../database/notices.ts';
import { LAYOUT_NOTICE, LOG_CHANNEL, OwnBackends } from '../log/log-notices.ts';
import { LogModule } from '../log/log.module.ts';
import { PassesModule } from '../passes/passes.module.ts';
import { DATABASE_URL } from '../database/database.module.ts';
import { ShardsModule } from '../shards/shards.module.ts';
import { TailDoor } from './tail-door.ts';
import { TailFeed } from './tail-feed.ts';
import { TailGateway } from './tail.gateway.ts';
import { CLOSE } from './tail-socket.ts';
import { TailSockets } from './tail-sockets.ts';

/** Milliseconds. The glance at the heads finds what no notice told. */
const GLANCE_EVERY = 2_000;
const HEARTBEAT_EVERY = 30_000;
/** Looks after sockets that are not opened, and after what waits for slow readers. */
const SWEEP_EVERY = 1_000;
/** For the goodbye to get through. */
const LEAVE_WITHIN = 1_000;

@Module({
  imports: [LogModule, PassesModule, ShardsModule],
  providers: [TailFeed, TailSockets, TailDoor, TailGateway, OwnBackends],
  exports: [TailFeed, OwnBackends],
})
export class TailModule implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly feed: TailFeed;
  private readonly sockets: TailSockets;
  private readonly ownBackends: OwnBackends;
  private readonly databaseUrl: string;
  private stop: (() => Promise<void>) | undefined;

  constructor(
    @Inject(TailFeed) feed: TailFeed, @Inject(TailSockets) sockets: TailSockets, @Inject(OwnBackends) ownBackends: OwnBackends,
    @Inject(DATABASE_URL) databaseUrl: string,
  ) {
    this.feed = feed;
    this.sockets = sockets;
    this.ownBackends = ownBackends;
    this.databaseUrl = databaseUrl;
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.feed.refresh();
    const glance = () => void this.feed.refresh().catch(() => undefined);
    const notices = listenForNotices(this.databaseUrl, LOG_CHANNEL, {
      notice: (payload, backend) => {
        if (payload === LAYOUT_NOTICE) glance();
        else if (!this.ownBackends.has(backend)) void this.feed.catchUp(Number(payload) as ShardIndex);
      },
      resumed: glance,
    });
    const timers = [setInterval(glance, GLANCE_EVERY), setInterval(() => this.sockets.heartbeat(), HEARTBEAT_EVERY), setInterval(() => this.sweep(), SWEEP_EVERY)];
    this.stop = async () => {
      timers.forEach((timer) => clearInterval(timer));
      await notices.stop();
    };
  }

  async onModuleDestroy(): Promise<void> {
    await this.stop?.();
    this.sockets.closeAll(CLOSE.restarting);
    const end = performance.now() + LEAVE_WITHIN;
    while (this.sockets.count().all > 0 && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  private sweep(): void {
    this.sockets.closeUnopened();
    this.sockets.relieve();
  }
}
