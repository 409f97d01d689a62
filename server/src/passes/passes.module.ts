import { Module } from '@nestjs/common';
import { SpendingModule } from '../postage/spending.module.ts';
import { PassGuard } from './pass.guard.ts';
import { PassesController } from './passes.controller.ts';
import { PassesService } from './passes.service.ts';
import { PASSES_STORE } from './passes.store.ts';
import { PassesStoreTypeorm } from './passes.store.typeorm.ts';

@Module({
  imports: [SpendingModule],
  controllers: [PassesController],
  providers: [PassesService, PassGuard, { provide: PASSES_STORE, useClass: PassesStoreTypeorm }],
  exports: [PassesService, PassGuard],
})
export class PassesModule {}
