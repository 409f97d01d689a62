/** A purse of real tokens, drawn from the relay as a device draws them, a hundred at a time. */
import { Oprf, POPRFServer } from '@cloudflare/voprf-ts';
import { RelayRefusal } from '#shared/errors.ts';
import { DrawTokensSchema, TokenKind, TokensDrawnSchema } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { type HubId, type Week, dayOf, weekOf } from '#shared/ids.ts';
import { LIMITS } from '#shared/limits.ts';
import { NONCE_BYTES } from '#shared/postage.ts';
import { concatBytes, randomBytes, sodiumReady } from '#shared/sodium.ts';
import { libsodiumProvider } from '#shared/voprf/group.ts';
import { blindTokens, finishTokens, issuerKeyPair, tokenInfo } from '#shared/voprf/tokens.ts';
import type { TestDatabase } from './postgres.ts';
import type { Wire, WirePass } from './wire.ts';

const KINDS = { postage: TokenKind.POSTAGE, ticket: TokenKind.TICKET } as const;

/** Draws tokens of one kind, `count` of them at most 100. @throws RelayRefusal; Error when the proof is wrong */
export async function drawTokens(
  wire: Wire, hub: HubId, pass: WirePass, count: number, options: { kind?: keyof typeof KINDS; week?: Week } = {},
): Promise<readonly Uint8Array[]> {
  await sodiumReady();
  const { kind = 'postage', week = weekOf(dayOf(Date.now())) } = options;
  const [{ blinded, state }, { issuerKey }] = await Promise.all([blindTokens(kind, hub, week, count), wire.hello()]);
  const reply = await wire.call('/v1/postage/draw', DrawTokensSchema, { kind: KINDS[kind], week, blinded: [...blinded] }, TokensDrawnSchema, pass);
  const tokens = await finishTokens(state, reply, issuerKey);
  if (tokens === undefined) throw new Error('the relay evaluated with another key');
  return tokens;
}

export class Purse {
  private readonly draw: (week: Week | undefined) => Promise<readonly Uint8Array[]>;
  private tokens: Uint8Array[] = [];
  private last: Promise<unknown> = Promise.resolve();
  private week: Week | undefined;

  /** @param draw more tokens, at least one; of a week if it is given one, else of the current one */
  constructor(draw: (week: Week | undefined) => Promise<readonly Uint8Array[]>) {
    this.draw = draw;
  }

  /** Made with the relay's own key, a tenth of the work: for tests that are about something else. */
  static minting(database: Pick<TestDatabase, 'query'>, hub: HubId): Purse {
    let server: Promise<POPRFServer> | undefined;
    return new Purse(async (week = weekOf(dayOf(Date.now()))) => {
      // Once: later the database may be away.
      server ??= issuerIn(database);
      const issuer = await server;
      return Promise.all(Array.from({ length: 8 }, async () => {
        const nonce = randomBytes(NONCE_BYTES);
        const start = new Uint8Array(4);
        new DataView(start.buffer).setUint32(0, week);
        return concatBytes(start, nonce, await issuer.evaluate(nonce, tokenInfo('postage', hub, week)));
      }));
    });
  }

  static of(wire: Wire, hub: HubId, pass: WirePass): Purse {
    return new Purse((week) => drawTokens(wire, hub, pass, LIMITS.tokensPerDraw, week === undefined ? {} : { week }));
  }

  /** So many tokens behind each other, as requests carry them. */
  take(count: number): Promise<Uint8Array> {
    // One after the other: whoever finds the purse empty waits for the draw of whoever found it empty before.
    const taken = this.last.then(async () => {
      while (this.tokens.length < count) this.tokens.push(...(await this.drawNow()));
      return concatBytes(...this.tokens.splice(0, count));
    });
    this.last = taken.catch(() => undefined);
    return taken;
  }

  /**
   * A request with what it costs; once more with tokens of the relay's week if its calendar has turned meanwhile.
   * @throws RelayRefusal
   */
  async pay<T>(cost: number, send: (postage: Uint8Array) => Promise<T>): Promise<T> {
    const postage = await this.take(cost);
    try {
      return await send(postage);
    } catch (error) {
      if (!this.turned(error)) throw error;
      this.tokens = [];
      return send(await this.take(cost));
    }
  }

  private async drawNow(): Promise<readonly Uint8Array[]> {
    try {
      return await this.draw(this.week);
    } catch (error) {
      if (!this.turned(error)) throw error;
      return this.draw(this.week);
    }
  }

  private turned(error: unknown): boolean {
    if (!(error instanceof RelayRefusal) || error.code !== 'wrong-week') return false;
    this.week = error.currentWeek as Week;
    return true;
  }
}

async function issuerIn(database: Pick<TestDatabase, 'query'>): Promise<POPRFServer> {
  await sodiumReady();
  const [row] = await database.query<{ issuer_seed: Buffer }>('SELECT issuer_seed FROM hub');
  if (row === undefined) throw new Error('this database has no hub');
  return new POPRFServer(Oprf.Suite.RISTRETTO255_SHA512, (await issuerKeyPair(row.issuer_seed)).secretKey, libsodiumProvider);
}
