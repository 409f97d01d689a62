import { type DynamicModule, Global, Module } from '@nestjs/common';
import { DayKeys } from './day-keys.ts';

@Global()
@Module({})
export class DayKeysModule {
  /** Whatever is stored for a while is sealed with these. */
  static with(keys: DayKeys): DynamicModule {
    return { module: DayKeysModule, providers: [{ provide: DayKeys, useValue: keys }], exports: [DayKeys] };
  }
}
