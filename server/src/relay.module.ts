import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { BlobsModule } from './blobs/blobs.module.ts';
import type { RelayConfig } from './config/config.ts';
import { ConfigModule } from './config/config.module.ts';
import type { Database } from './database/database.ts';
import { DatabaseModule } from './database/database.module.ts';
import type { DayKeys } from './day-keys/day-keys.ts';
import { DayKeysModule } from './day-keys/day-keys.module.ts';
import type { DueDays } from './day-keys/due-days.ts';
import { DisclosureModule } from './disclosure/disclosure.module.ts';
import { FoundingModule } from './founding/founding.module.ts';
import { RefusalFilter } from './http/refusal.filter.ts';
import { KeyPackagesModule } from './key-packages/key-packages.module.ts';
import { LogModule } from './log/log.module.ts';
import { MailboxesModule } from './mailboxes/mailboxes.module.ts';
import type { Calendar } from './operations/calendar.ts';
import type { Operator } from './operations/operator.ts';
import { ObliviousModule } from './oblivious/oblivious.module.ts';
import { OperationsModule } from './operations/operations.module.ts';
import type { FrontDoor } from './overload/front-door.ts';
import { OverloadModule } from './overload/overload.module.ts';
import { PassesModule } from './passes/passes.module.ts';
import { PostageModule } from './postage/postage.module.ts';
import { PostingModule } from './posting/posting.module.ts';
import { RendezvousModule } from './rendezvous/rendezvous.module.ts';
import { RetentionModule } from './retention/retention.module.ts';
import { HeadsModule } from './shards/heads.module.ts';
import { TailModule } from './tail/tail.module.ts';

/** What is stored for a while is sealed with, and forgotten by. */
export interface Days {
  readonly keys: DayKeys;
  readonly due: DueDays;
}

@Module({})
export class RelayModule {
  /** Everything the relay does, wired to one database. */
  static on(
    database: Database, databaseUrl: string, { keys, due }: Days, config: RelayConfig, operator: Operator, calendar: Calendar, door: FrontDoor,
  ): DynamicModule {
    return {
      module: RelayModule,
      imports: [
        DatabaseModule.around(database, databaseUrl), ConfigModule.with(config), OperationsModule.with(operator, calendar), DayKeysModule.with(keys, due),
        ObliviousModule.with({ own: config.neighbour, forwardsTo: config.forwardsTo }),
        OverloadModule.with(config.bounds, door),
        FoundingModule, PassesModule, PostageModule, MailboxesModule, PostingModule, LogModule, TailModule, KeyPackagesModule, RendezvousModule,
        RetentionModule, BlobsModule.with(config.blobs), HeadsModule, DisclosureModule,
      ],
      providers: [{ provide: APP_FILTER, useClass: RefusalFilter }],
    };
  }
}
