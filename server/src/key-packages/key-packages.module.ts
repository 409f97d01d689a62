import { Module } from '@nestjs/common';
import { SpendingModule } from '../postage/spending.module.ts';
import { PoolsController } from './pools.controller.ts';
import { PoolsService } from './pools.service.ts';
import { POOLS_STORE } from './pools.store.ts';
import { PoolsStoreTypeorm } from './pools.store.typeorm.ts';

@Module({
  imports: [SpendingModule],
  controllers: [PoolsController],
  providers: [PoolsService, { provide: POOLS_STORE, useClass: PoolsStoreTypeorm }],
})
export class KeyPackagesModule {}
