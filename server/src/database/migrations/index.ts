import { FirstTables1763856000000 } from './1763856000000-first-tables.ts';
import { Postage1763942400000 } from './1763942400000-postage.ts';
import { BlindTickets1763942400001 } from './1763942400001-blind-tickets.ts';
import { Generations1763942401000 } from './1763942401000-generations.ts';
import { BodiesApart1763942402000 } from './1763942402000-bodies-apart.ts';
import { Blobs1763942403000 } from './1763942403000-blobs.ts';
import { Gateway1763942404000 } from './1763942404000-gateway.ts';
import { Transparency1763942426000 } from './1763942426000-transparency.ts';
import { KeysMarked1763942427000 } from './1763942427000-keys-marked.ts';

/** In order. A migration that has been released is never changed. */
export const MIGRATIONS = [
  FirstTables1763856000000, Postage1763942400000, BlindTickets1763942400001, Generations1763942401000, BodiesApart1763942402000, Blobs1763942403000,
  Gateway1763942404000, Transparency1763942426000, KeysMarked1763942427000,
];
