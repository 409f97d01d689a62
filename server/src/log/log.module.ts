import { Module } from '@nestjs/common';
import { PassesModule } from '../passes/passes.module.ts';
import { LogController } from './log.controller.ts';
import { LogService } from './log.service.ts';
import { LOG_STORE } from './log.store.ts';
import { LogStoreTypeorm } from './log.store.typeorm.ts';

@Module({
  imports: [PassesModule],
  controllers: [LogController],
  providers: [LogService, { provide: LOG_STORE, useClass: LogStoreTypeorm }],
  exports: [LogService],
})
export class LogModule {}
