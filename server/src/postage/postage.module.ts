import { Module } from '@nestjs/common';
import { FoundingModule } from '../founding/founding.module.ts';
import { PassesModule } from '../passes/passes.module.ts';
import { DrawsController } from './draws.controller.ts';
import { DrawsService } from './draws.service.ts';
import { DRAWS_STORE } from './draws.store.ts';
import { DrawsStoreTypeorm } from './draws.store.typeorm.ts';
import { IssuerModule } from './issuer.module.ts';

@Module({
  imports: [FoundingModule, PassesModule, IssuerModule],
  controllers: [DrawsController],
  providers: [DrawsService, { provide: DRAWS_STORE, useClass: DrawsStoreTypeorm }],
})
export class PostageModule {}
