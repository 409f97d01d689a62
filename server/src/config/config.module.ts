import { type DynamicModule, Global, Module } from '@nestjs/common';
import type { RelayConfig } from './config.ts';

/** Token of the RelayConfig, for services that an operator can set something of. */
export const RELAY_CONFIG = Symbol('RelayConfig');

@Global()
@Module({})
export class ConfigModule {
  static with(config: RelayConfig): DynamicModule {
    return { module: ConfigModule, providers: [{ provide: RELAY_CONFIG, useValue: config }], exports: [RELAY_CONFIG] };
  }
}
