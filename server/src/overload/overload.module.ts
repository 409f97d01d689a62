import { type DynamicModule, Global, Module } from '@nestjs/common';
import { ByteBudget } from './byte-budget.ts';
import { BOUNDS, type Bounds } from './figures.ts';
import { FrontDoor } from './front-door.ts';

/** Memory of pages on their way to their readers. */
export const PAGE_BUDGET = Symbol('PageBudget');

@Global()
@Module({})
export class OverloadModule {
  static with(bounds: Bounds, door: FrontDoor): DynamicModule {
    return {
      module: OverloadModule,
      providers: [
        { provide: BOUNDS, useValue: bounds }, { provide: FrontDoor, useValue: door },
        { provide: PAGE_BUDGET, useValue: new ByteBudget(bounds.requestBytes) },
      ],
      exports: [BOUNDS, FrontDoor, PAGE_BUDGET],
    };
  }
}
