import { Module } from '@nestjs/common';
import { PoolsController } from './pools.controller.ts';
import { PoolsService } from './pools.service.ts';
import { POOLS_STORE } from './pools.store.ts';
import { PoolsStoreTypeorm } from './pools.store.typeorm.ts';

@Module({
  controllers: [PoolsController],
  providers: [PoolsService, { provide: POOLS_STORE, useClass: PoolsStoreTypeorm }],
})
export class KeyPackagesModule {}
