import { Module } from '@nestjs/common';
import { DisclosureService } from './disclosure.service.ts';
import { DISCLOSURE_STORE } from './disclosure.store.ts';
import { DisclosureStoreTypeorm } from './disclosure.store.typeorm.ts';
import { TransparencyController } from './transparency.controller.ts';
import { TransparencyService } from './transparency.service.ts';
import { TRANSPARENCY_STORE } from './transparency.store.ts';
import { TransparencyStoreTypeorm } from './transparency.store.typeorm.ts';

@Module({
  controllers: [TransparencyController],
  providers: [
    DisclosureService, TransparencyService,
    { provide: DISCLOSURE_STORE, useClass: DisclosureStoreTypeorm },
    { provide: TRANSPARENCY_STORE, useClass: TransparencyStoreTypeorm },
  ],
})
export class DisclosureModule {}
