import { Module } from '@nestjs/common';
import { RELAY_CONFIG } from '../config/config.module.ts';
import type { RelayConfig } from '../config/config.ts';
import { TailModule } from '../tail/tail.module.ts';
import { HeadsFile } from './heads-file.ts';
import { HEADS_FILE, HeadsKeeper } from './heads-keeper.ts';
import { ShardsModule } from './shards.module.ts';

@Module({
  imports: [ShardsModule, TailModule],
  providers: [
    HeadsKeeper,
    { provide: HEADS_FILE, inject: [RELAY_CONFIG], useFactory: ({ keysDirectory }: RelayConfig) => new HeadsFile(keysDirectory) },
  ],
})
export class HeadsModule {}
