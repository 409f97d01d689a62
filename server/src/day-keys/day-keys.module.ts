import { type DynamicModule, Global, Module } from '@nestjs/common';
import { DayKeys } from './day-keys.ts';
import { DueDays } from './due-days.ts';

@Global()
@Module({})
export class DayKeysModule {
  /** Whatever is stored for a while is sealed with these, and forgotten by these days. */
  static with(keys: DayKeys, due: DueDays): DynamicModule {
    return { module: DayKeysModule, providers: [{ provide: DayKeys, useValue: keys }, { provide: DueDays, useValue: due }], exports: [DayKeys, DueDays] };
  }
}
