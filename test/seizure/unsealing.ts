/** What the adversary opens with the keys that lie beside the database: the outer layer of whatever has not ended yet. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { unseal } from '#shared/sodium.ts';

const KEY_ID = 8;

/** By id in hexadecimal. */
export type FoundKeys = ReadonlyMap<string, Uint8Array>;

export function keysIn(folder: string): FoundKeys {
  return new Map(readdirSync(folder).flatMap((name) => {
    const id = /^[0-9]+-([0-9a-f]{16})\.key$/.exec(name)?.[1];
    return id === undefined ? [] : [[id, new Uint8Array(readFileSync(join(folder, name)))] as const];
  }));
}

/** @param context what it was sealed for. @returns undefined where the key is gone */
export function open(keys: FoundKeys, sealed: Buffer, context: Uint8Array): Buffer | undefined {
  const key = keys.get(sealed.subarray(0, KEY_ID).toString('hex'));
  const plain = key && unseal(key, sealed.subarray(KEY_ID), context);
  return plain && Buffer.from(plain);
}

export interface Dump {
  /** Every row of every table, as text, with its transaction number and place. */
  readonly text: string;
  /** Sealed bodies of records with what they were sealed for. */
  readonly bodies: readonly { readonly seq: number; readonly sealed: Buffer; readonly context: Buffer }[];
  /** Where the sealed pieces of files lie, with what they were sealed for. */
  readonly pieces: readonly { readonly pack: string; readonly position: number; readonly length: number; readonly context: Buffer }[];
}

type Query = <Row extends object>(text: string) => Promise<Row[]>;

/** A logical dump, as pg_dump or a nosy administrator would make it: all columns and the hidden ones too. */
export async function dumpOf(query: Query): Promise<Dump> {
  const tables = await query<{ name: string }>(`SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1`);
  const texts: string[] = [];
  for (const { name } of tables) {
    const rows = await query<{ row: string }>(`SELECT tableoid::regclass || ' ' || xmin || ' ' || ctid || ' ' || t::text AS row FROM ${name} t`);
    texts.push(`-- ${name}`, ...rows.map(({ row }) => row));
  }
  const statistics = await query<{ row: string }>("SELECT s::text AS row FROM pg_stats s WHERE schemaname = 'public'");
  const uses = await query<{ row: string }>('SELECT s::text AS row FROM pg_stat_user_tables s UNION ALL SELECT s::text FROM pg_stat_user_indexes s');
  texts.push('-- pg_stats', ...statistics.map(({ row }) => row), '-- pg_stat', ...uses.map(({ row }) => row));
  const bodies = await query<{ seq: string; body: Buffer; mailbox: Buffer; body_hash: Buffer }>(
    'SELECT seq, body, mailbox, body_hash FROM bodies JOIN records USING (shard, seq)');
  const pieces = await query<{ blob_hash: Buffer; index: number; container: Buffer; position: string; length: number }>('SELECT * FROM blob_chunks');
  return {
    pieces: pieces.map(({ blob_hash, index, container, position, length }) => {
      const number = Buffer.alloc(4);
      number.writeUInt32BE(index);
      return { pack: container.toString('hex'), position: Number(position), length, context: Buffer.concat([blob_hash, number]) };
    }),
    text: texts.join('\n'),
    bodies: bodies.map(({ seq, body, mailbox, body_hash }) => ({ seq: Number(seq), sealed: body, context: Buffer.concat([mailbox, body_hash]) })),
  };
}
