import { type DynamicModule, Global, Module } from '@nestjs/common';
import { HealthController } from './health.controller.ts';
import { OPERATOR, type Operator } from './operator.ts';

@Global()
@Module({})
export class OperationsModule {
  static speakingTo(operator: Operator): DynamicModule {
    return {
      module: OperationsModule,
      controllers: [HealthController],
      providers: [{ provide: OPERATOR, useValue: operator }],
      exports: [OPERATOR],
    };
  }
}
