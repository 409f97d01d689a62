import { type DynamicModule, Global, Module } from '@nestjs/common';
import { CALENDAR, type Calendar } from './calendar.ts';
import { HealthController } from './health.controller.ts';
import { OPERATOR, type Operator } from './operator.ts';

@Global()
@Module({})
export class OperationsModule {
  static with(operator: Operator, calendar: Calendar): DynamicModule {
    return {
      module: OperationsModule,
      controllers: [HealthController],
      providers: [{ provide: OPERATOR, useValue: operator }, { provide: CALENDAR, useValue: calendar }],
      exports: [OPERATOR, CALENDAR],
    };
  }
}
