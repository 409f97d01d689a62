import { Inject, Module, type OnModuleDestroy } from '@nestjs/common';
import { FoundingModule } from '../founding/founding.module.ts';
import { SpendingModule } from '../postage/spending.module.ts';
import { ShardsModule } from '../shards/shards.module.ts';
import { TailModule } from '../tail/tail.module.ts';
import { PostingController } from './posting.controller.ts';
import { PostingService } from './posting.service.ts';
import { POSTING_STORE } from './posting.store.ts';
import { PostingStoreTypeorm } from './posting.store.typeorm.ts';

@Module({
  imports: [FoundingModule, ShardsModule, SpendingModule, TailModule],
  controllers: [PostingController],
  providers: [PostingService, { provide: POSTING_STORE, useClass: PostingStoreTypeorm }],
})
export class PostingModule implements OnModuleDestroy {
  private readonly posting: PostingService;

  constructor(@Inject(PostingService) posting: PostingService) {
    this.posting = posting;
  }

  async onModuleDestroy(): Promise<void> {
    await this.posting.drain();
  }
}
