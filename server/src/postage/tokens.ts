/** Tokens at the border: cut apart, and then, once verified, of a type that nothing else can have. */
import { RelayRefusal } from '#shared/errors.ts';
import type { Week } from '#shared/ids.ts';
import { TOKEN_BYTES } from '#shared/postage.ts';
import { nonceOfToken, weekOfToken } from '#shared/voprf/tokens.ts';

/** What is remembered of a token. */
export interface TokenName {
  readonly week: Week;
  /** 32 bytes. */
  readonly nonce: Uint8Array;
}
/** Not verified yet. */
export interface ShownToken extends TokenName {
  /** All 100. */
  readonly bytes: Uint8Array;
}
declare const verified: unique symbol;
/** Made by this hub, of a week that is good today. Whether it is spent only the transaction knows that spends it. */
export type PaidToken = TokenName & { readonly [verified]: true };

/** The same for the same token, and a key for maps. */
export const keyOf = ({ week, nonce }: TokenName): string => `${week} ${Buffer.from(nonce).toString('base64')}`;

/** The column is an integer, and this week is thirty thousand years away. */
const LAST_WEEK = 2 ** 31 - 1;

/** @param count what the request costs. @throws RelayRefusal no-postage, bad-field, bad-postage, postage-spent (one token twice) */
export function shownTokens(postage: Uint8Array, count: number): readonly ShownToken[] {
  if (postage.length < count * TOKEN_BYTES) throw new RelayRefusal('no-postage');
  if (postage.length > count * TOKEN_BYTES) throw new RelayRefusal('bad-field');
  const tokens = Array.from({ length: count }, (_, index): ShownToken => {
    const bytes = postage.slice(index * TOKEN_BYTES, (index + 1) * TOKEN_BYTES);
    return { bytes, week: weekOfToken(bytes) as Week, nonce: nonceOfToken(bytes) };
  });
  if (tokens.some(({ week }) => week > LAST_WEEK)) throw new RelayRefusal('bad-postage');
  if (new Set(tokens.map(keyOf)).size < count) throw new RelayRefusal('postage-spent');
  return tokens;
}

/** What `draws` holds for the tickets of a new pass: above every allowance, and far enough below what an integer holds to add a draw to. */
export const NONE_YET = 2 ** 30;
