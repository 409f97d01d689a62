import { FirstTables1763856000000 } from './1763856000000-first-tables.ts';

/** In order. A migration that has been released is never changed. */
export const MIGRATIONS = [FirstTables1763856000000];
