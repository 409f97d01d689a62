import { Module } from '@nestjs/common';
import { LAYOUT_STORE } from './layout.store.ts';
import { LayoutService } from './layout.service.ts';
import { LayoutStoreTypeorm } from './layout.store.typeorm.ts';

@Module({
  providers: [LayoutService, { provide: LAYOUT_STORE, useClass: LayoutStoreTypeorm }],
  exports: [LayoutService, LAYOUT_STORE],
})
export class ShardsModule {}
