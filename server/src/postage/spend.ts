/**
 * Spending, as part of the transaction that stores what is paid for: both happen or neither. Of all transactions that spend one
 * token, on whatever connection, one finds it fresh; the others wait for it to end and then know.
 *
 * Take the tokens last, or before any lock that another transaction might hold while it waits for a token.
 */
import { RelayRefusal } from '#shared/errors.ts';
import type { Sql } from '../database/database.ts';
import { type PaidToken, type TokenName, keyOf } from './tokens.ts';

/** Sorted, so that two who spend the same tokens wait for each other in one order. */
const INSERT = `
  INSERT INTO spent_tokens (week, nonce) SELECT week, nonce FROM unnest($1::int[], $2::bytea[]) AS shown (week, nonce) ORDER BY week, nonce
  ON CONFLICT DO NOTHING RETURNING week, nonce`;
const DELETE = 'DELETE FROM spent_tokens USING unnest($1::int[], $2::bytea[]) AS back (week, nonce) WHERE spent_tokens.week = back.week AND spent_tokens.nonce = back.nonce';
const FIND = 'SELECT week, nonce FROM spent_tokens JOIN unnest($1::int[], $2::bytea[]) AS shown (week, nonce) USING (week, nonce)';

/**
 * For a look at other things too, in one statement: the numbers of those who show a spent token.
 * @param first number of the three parameters that `numbered` gives
 */
export const spentNumbers = (first: number): string => `
  SELECT DISTINCT shown.number FROM unnest($${first}::bigint[], $${first + 1}::int[], $${first + 2}::bytea[]) AS shown (number, week, nonce)
  JOIN spent_tokens USING (week, nonce)`;

/** @param shown tokens of each who asks, counted from 1 */
export function numbered(shown: readonly (readonly TokenName[])[]): unknown[] {
  return [shown.flatMap((tokens, index) => tokens.map(() => index + 1)), ...columns(shown.flat())];
}

/** All of them, or it throws and the transaction must not go on. @throws RelayRefusal postage-spent */
export async function spend(sql: Sql, tokens: readonly PaidToken[]): Promise<void> {
  if ((await spendFresh(sql, tokens)).size < tokens.length) throw new RelayRefusal('postage-spent');
}

/** Spends those that are fresh. @returns their keys */
export async function spendFresh(sql: Sql, tokens: readonly PaidToken[]): Promise<ReadonlySet<string>> {
  return keysOf(sql, INSERT, tokens);
}

/** Makes tokens fresh again that this very transaction has spent. */
export async function giveBack(sql: Sql, tokens: readonly PaidToken[]): Promise<void> {
  if (tokens.length > 0) await sql.query(DELETE, columns(tokens));
}

/** A glance without locks. @returns the keys of those that are spent */
export async function spentAmong(sql: Sql, tokens: readonly TokenName[]): Promise<ReadonlySet<string>> {
  return keysOf(sql, FIND, tokens);
}

async function keysOf(sql: Sql, statement: string, tokens: readonly TokenName[]): Promise<ReadonlySet<string>> {
  if (tokens.length === 0) return new Set();
  const rows = await sql.query<{ week: number; nonce: Buffer }>(statement, columns(tokens));
  return new Set(rows.map(({ week, nonce }) => keyOf({ week: week as TokenName['week'], nonce })));
}

const columns = (tokens: readonly TokenName[]): unknown[] => [tokens.map(({ week }) => week), tokens.map(({ nonce }) => Buffer.from(nonce))];
