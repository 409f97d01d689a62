import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Database } from './database.ts';

/** Token of the postgresql:// URL, for what needs a connection of its own. */
export const DATABASE_URL = Symbol('DatabaseUrl');

@Global()
@Module({})
export class DatabaseModule {
  /** Everything that stores gets this one database. */
  static around(database: Database, url: string): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [{ provide: Database, useValue: database }, { provide: DATABASE_URL, useValue: url }],
      exports: [Database, DATABASE_URL],
    };
  }
}
