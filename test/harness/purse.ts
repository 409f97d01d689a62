/** A purse of real tokens, drawn from the relay as a device draws them, a hundred at a time. */
import { DrawTokensSchema, TokenKind, TokensDrawnSchema } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { type HubId, type Week, dayOf, weekOf } from '#shared/ids.ts';
import { LIMITS } from '#shared/limits.ts';
import { concatBytes, sodiumReady } from '#shared/sodium.ts';
import { blindTokens, finishTokens } from '#shared/voprf/tokens.ts';
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
  private readonly draw: () => Promise<readonly Uint8Array[]>;
  private tokens: Uint8Array[] = [];
  private last: Promise<unknown> = Promise.resolve();

  /** @param draw more tokens, at least one */
  constructor(draw: () => Promise<readonly Uint8Array[]>) {
    this.draw = draw;
  }

  static of(wire: Wire, hub: HubId, pass: WirePass): Purse {
    return new Purse(() => drawTokens(wire, hub, pass, LIMITS.tokensPerDraw));
  }

  /** So many tokens behind each other, as requests carry them. */
  take(count: number): Promise<Uint8Array> {
    // One after the other: whoever finds the purse empty waits for the draw of whoever found it empty before.
    const taken = this.last.then(async () => {
      while (this.tokens.length < count) this.tokens.push(...(await this.draw()));
      return concatBytes(...this.tokens.splice(0, count));
    });
    this.last = taken.catch(() => undefined);
    return taken;
  }
}
