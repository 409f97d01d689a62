import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testPostgres } from '../../../test/harness/postgres.ts';

/** Every column there may be. Whoever adds one says here, and in the threat model, what a seized server shows more. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  hub: ['single boolean', 'hub bytea', 'founding_token_hash bytea', 'issuer_seed bytea', 'heads_filed boolean', 'gateway_secret bytea', 'keys_marked boolean'],
  shards: ['shard smallint', 'head bigint', 'generation smallint', 'base bigint', 'closed boolean'],
  mailboxes: ['mailbox bytea', 'slot bigint', 'verify_key bytea'],
  records: ['shard smallint', 'seq bigint', 'mailbox bytea', 'kind smallint', 'slot bigint', 'body_hash bytea', 'day integer', 'size integer'],
  bodies: ['expires integer', 'shard smallint', 'seq bigint', 'body bytea'],
  day_keys: ['expires integer', 'check_value bytea'],
  passes: ['pass bytea', 'secret_hash bytea'],
  draws: ['week integer', 'pass bytea', 'kind smallint', 'drawn integer', 'last_request_hash bytea'],
  spent_tokens: ['week integer', 'nonce bytea'],
  spent_tickets: ['week integer', 'nonce bytea'],
  new_passes: ['week integer', 'made integer'],
  pools: ['pool bytea', 'owner_hash bytea', 'last_resort bytea', 'day integer'],
  key_packages: ['pool bytea', 'number bigint', 'package bytea', 'day integer'],
  rendezvous: ['rendezvous bytea', 'owner_hash bytea', 'claim_hash bytea', 'claim bytea', 'answer bytea', 'refused_claims integer', 'day integer'],
  blobs: ['blob_hash bytea', 'owner_hash bytea', 'size bigint', 'received integer', 'day integer'],
  blob_chunks: ['blob_hash bytea', 'index integer', 'container bytea', 'position bigint', 'length integer'],
  // What everybody is told today: counts and fixed sentences.
  transparency: ['single boolean', 'day integer', 'report json'],
  // TypeORM's own: which migrations have run. Its timestamp is part of the migration's name.
  migrations: ['id integer', 'timestamp bigint', 'name character varying'],
};

describe('the tables', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await (await testPostgres()).freshDatabase();
  }, 60_000);
  afterAll(() => database.drop());

  it('have these columns and no others: no name, no address, no time finer than a day', async () => {
    const rows = await database.query<{ table_name: string; columns: string[] }>(`
      SELECT table_name, array_agg(column_name || ' ' || data_type ORDER BY ordinal_position) AS columns
      FROM information_schema.columns WHERE table_schema = 'public' GROUP BY table_name`);
    expect(Object.fromEntries(rows.map(({ table_name, columns }) => [table_name, columns]))).toEqual(ALLOWED);
  });

  it('keep sealed bodies as they are: nothing to compress', async () => {
    const rows = await database.query<{ place: string }>(`
      SELECT c.relname || '.' || a.attname AS place FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
      WHERE a.attstorage = 'e' AND NOT a.attisdropped AND c.relkind IN ('r', 'p') ORDER BY 1`);
    expect(rows.map(({ place }) => place)).toEqual(['bodies.body', 'key_packages.package', 'pools.last_resort', 'rendezvous.answer', 'rendezvous.claim']);
  });
});
