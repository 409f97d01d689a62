/**
 * Blind tokens: the POPRF of RFC 9497 (ristretto255-SHA512) for postage and tickets. The week and the hub are the public
 * info, so one issuer key serves every week and a token is void outside its own; the batched proof shows that this key and
 * no other evaluated. Call `await sodiumReady()` once before anything else.
 *
 * The device blinds, keeps the state, draws, and finishes; the relay evaluates, and later verifies what is spent.
 */
import { type CryptoProvider, DLEQProof, type Elt, Evaluation, EvaluationRequest, FinalizeData, type Group, Oprf, POPRFClient, POPRFServer, deriveKeyPair } from '@cloudflare/voprf-ts';
import { type HubId, type Week, hubId, week as parseWeek } from '../ids.ts';
import { LIMITS } from '../limits.ts';
import { NONCE_BYTES, TOKEN_BYTES } from '../postage.ts';
import { concatBytes, equalBytes, randomBytes, utf8 } from '../sodium.ts';
import { libsodiumProvider } from './group.ts';

export type TokenKind = 'postage' | 'ticket';
const LABELS = { postage: 'thicket/1 postage', ticket: 'thicket/1 ticket' } as const satisfies Record<TokenKind, string>;
const KINDS = ['postage', 'ticket'] as const satisfies readonly TokenKind[];

const SUITE = Oprf.Suite.RISTRETTO255_SHA512;
const ELEMENT_BYTES = 32;
const SCALAR_BYTES = 32;
const WEEK_BYTES = 4;
/** Of the state: kind (1) || hub (16) || week (4), then nonce || blind || blinded element for each token. */
const STATE_HEAD_BYTES = 1 + 16 + WEEK_BYTES;
const STATE_ITEM_BYTES = NONCE_BYTES + SCALAR_BYTES + ELEMENT_BYTES;

export interface IssuerKeyPair {
  /** 32 bytes. Whoever has it can make tokens; it links none to a pass, a draw or a post. */
  readonly secretKey: Uint8Array;
  /** 32 bytes: the key in the bulletin. */
  readonly publicKey: Uint8Array;
}
export interface BlindedTokens {
  /** For DrawTokens. Elements of 32 bytes that say nothing about the tokens. */
  readonly blinded: readonly Uint8Array[];
  /** For finishTokens. Secret, and to be stored before the draw: without it what was drawn is lost. */
  readonly state: Uint8Array;
}
/** What TokensDrawn carries. */
export interface Evaluated {
  readonly evaluated: readonly Uint8Array[];
  readonly proof: Uint8Array;
}

/** @param seed 32 random bytes (DeriveKeyPair, RFC 9497 section 3.2.1) */
export async function issuerKeyPair(seed: Uint8Array): Promise<IssuerKeyPair> {
  const { privateKey, publicKey } = await deriveKeyPair(Oprf.Mode.POPRF, SUITE, seed, utf8('thicket/1 issuer'), libsodiumProvider);
  return { secretKey: privateKey, publicKey };
}

/** The public info of a draw: label || 0x00 || hub || week. */
export const tokenInfo = (kind: TokenKind, hub: HubId, week: Week): Uint8Array =>
  concatBytes(utf8(LABELS[kind]), Uint8Array.of(0), hub, weekBytes(week));

/** The week a token says it is of. @returns undefined for anything but 100 bytes */
export const weekOfToken = (token: Uint8Array): Week | undefined => (token.length === TOKEN_BYTES ? weekAt(token, 0) : undefined);
/** What is remembered of a token that was spent, 32 bytes. */
export const nonceOfToken = (token: Uint8Array): Uint8Array => token.slice(WEEK_BYTES, WEEK_BYTES + NONCE_BYTES);

// ---------------------------------------------------------------- the device

/** Makes tokens ready to be drawn. @param count 1 .. 100. @throws RangeError for another number */
export async function blindTokens(kind: TokenKind, hub: HubId, week: Week, count: number): Promise<BlindedTokens> {
  if (!Number.isInteger(count) || count < 1 || count > LIMITS.tokensPerDraw) throw new RangeError('a draw is of 1 to 100 tokens');
  const nonces = Array.from({ length: count }, () => randomBytes(NONCE_BYTES));
  // The key matters only when finishing.
  const [{ blinds }, request] = await new POPRFClient(SUITE, new Uint8Array(0), libsodiumProvider).blind(nonces);
  const blinded = request.blinded.map((element) => element.serialize());
  const items = nonces.flatMap((nonce, index) => [nonce, (blinds[index] as (typeof blinds)[number]).serialize(), blinded[index] as Uint8Array]);
  return { blinded, state: concatBytes(Uint8Array.of(KINDS.indexOf(kind)), hub, weekBytes(week), ...items) };
}

/** What a stored state was made for, so that exactly the same draw can be asked for again. @returns undefined for what is no state */
export function drawOf(state: Uint8Array): { kind: TokenKind; hub: HubId; week: Week; blinded: readonly Uint8Array[] } | undefined {
  const opened = openState(state);
  return opened && { kind: opened.kind, hub: opened.hub, week: opened.week, blinded: opened.items.map(({ blinded }) => blinded) };
}

/**
 * Tokens from what the relay evaluated, in the order they were blinded, 100 bytes each.
 * @param issuerKey the bulletin's. @returns undefined when the proof does not show that this key evaluated these elements in this week
 */
export async function finishTokens(state: Uint8Array, reply: Evaluated, issuerKey: Uint8Array): Promise<readonly Uint8Array[] | undefined> {
  const opened = openState(state);
  if (opened === undefined || reply.evaluated.length !== opened.items.length) return undefined;
  const { kind, hub, week, items } = opened;
  try {
    const outputs = await new POPRFClient(SUITE, issuerKey, libsodiumProvider).finalize(
      new FinalizeData(items.map(({ nonce }) => nonce), items.map(({ blind }) => group.desScalar(blind)), elements(items.map(({ blinded }) => blinded))),
      new Evaluation(Oprf.Mode.POPRF, elements(reply.evaluated).blinded, readProof(reply.proof)),
      tokenInfo(kind, hub, week),
    );
    return outputs.map((output, index) => concatBytes(weekBytes(week), (items[index] as StateItem).nonce, output));
  } catch {
    // The library tells a wrong proof, key or element from the others by its words alone, and no caller needs to know which.
    return undefined;
  }
}

// ---------------------------------------------------------------- the relay

/**
 * One batch with one proof.
 * @param pause awaited after every few elements, so that others get their turn
 * @returns undefined when there are none or too many, or one is no canonical element or the identity
 */
export async function evaluateTokens(
  secretKey: Uint8Array, info: Uint8Array, blinded: readonly Uint8Array[], pause: Pause = noPause,
): Promise<Evaluated | undefined> {
  if (blinded.length < 1 || blinded.length > LIMITS.tokensPerDraw) return undefined;
  const request = attempt(() => elements(blinded));
  if (request === undefined) return undefined;
  const { evaluated, proof } = await new PausingServer(secretKey, pause).blindEvaluate(request, info);
  if (proof === undefined) throw new Error('an evaluation without its proof');
  return { evaluated: evaluated.map((element) => element.serialize()), proof: proof.serialize() };
}

type Pause = () => Promise<void>;
const noPause: Pause = async () => undefined;
/** Elements between two pauses: about two milliseconds. */
const BETWEEN_PAUSES = 10;

/** The library asks for all elements in one turn; here each waits for the one before it. */
class PausingServer extends POPRFServer {
  readonly #pause: Pause;
  #last: Promise<unknown> = Promise.resolve();
  #asked = 0;

  constructor(secretKey: Uint8Array, pause: Pause) {
    super(SUITE, secretKey, pausingProvider(pause));
    this.#pause = pause;
  }

  protected override doBlindEvaluation(blinded: Elt, key: Uint8Array): Promise<Elt> {
    const pauses = (this.#asked += 1) % BETWEEN_PAUSES === 0;
    const mine = this.#last.then(async () => {
      if (pauses) await this.#pause();
      return super.doBlindEvaluation(blinded, key);
    });
    this.#last = mine.catch(() => undefined);
    return mine;
  }
}

/** The proof hashes once for every element. */
function pausingProvider(pause: Pause): CryptoProvider {
  let hashes = 0;
  const hashToScalar: Group['hashToScalar'] = async (message, tag) => {
    if ((hashes += 1) % BETWEEN_PAUSES === 0) await pause();
    return group.hashToScalar(message, tag);
  };
  return { ...libsodiumProvider, Group: { ...libsodiumProvider.Group, get: () => ({ ...group, hashToScalar }) } };
}

/** Whether this key made this token, for this hub, and for the week it names. The comparison takes the same time wherever it differs. */
export async function verifyToken(secretKey: Uint8Array, kind: TokenKind, hub: HubId, token: Uint8Array): Promise<boolean> {
  return tokenVerifier(secretKey, kind, hub)(token);
}

/** The same for many tokens: what depends on the week alone is computed once for the last few weeks that were asked for. */
export function tokenVerifier(secretKey: Uint8Array, kind: TokenKind, hub: HubId): (token: Uint8Array) => Promise<boolean> {
  const weeks = new Map<Week, { readonly server: WeekServer; readonly info: Uint8Array }>();
  const ofWeek = (week: Week) => {
    const known = weeks.get(week);
    if (known !== undefined) return known;
    const made = { server: new WeekServer(SUITE, secretKey, libsodiumProvider), info: tokenInfo(kind, hub, week) };
    if (weeks.size >= WEEKS_KEPT) weeks.clear();
    weeks.set(week, made);
    return made;
  };
  return async (token) => {
    const week = weekOfToken(token);
    if (week === undefined) return false;
    const { server, info } = ofWeek(week);
    const output = await server.evaluate(nonceOfToken(token), info);
    return equalBytes(output, token.subarray(WEEK_BYTES + NONCE_BYTES));
  };
}

/** Tokens are good in their week and a day around it. */
const WEEKS_KEPT = 4;

/** Always given the same info: the key moved by it is kept, an inversion and a hash that would be a quarter of a check. */
class WeekServer extends POPRFServer {
  #secret: ReturnType<POPRFServer['secretFromInfo']> | undefined;

  override secretFromInfo(info: Uint8Array): ReturnType<POPRFServer['secretFromInfo']> {
    this.#secret ??= super.secretFromInfo(info);
    return this.#secret;
  }
}

// ---------------------------------------------------------------- bytes

const group = libsodiumProvider.Group.get('ristretto255');

/** @throws Error when one is no canonical element or the identity */
const elements = (encoded: readonly Uint8Array[]): EvaluationRequest => new EvaluationRequest(encoded.map((bytes) => group.desElt(bytes)));

/** @throws Error unless it is two canonical scalars and nothing more */
function readProof(proof: Uint8Array): DLEQProof {
  if (proof.length !== 2 * SCALAR_BYTES) throw new Error('not a proof');
  return new DLEQProof(group.desScalar(proof.subarray(0, SCALAR_BYTES)), group.desScalar(proof.subarray(SCALAR_BYTES)));
}

function weekBytes(week: Week): Uint8Array {
  const bytes = new Uint8Array(WEEK_BYTES);
  new DataView(bytes.buffer).setUint32(0, week);
  return bytes;
}
const weekAt = (bytes: Uint8Array, offset: number): Week | undefined => parseWeek(new DataView(bytes.buffer, bytes.byteOffset).getUint32(offset));

interface StateItem {
  readonly nonce: Uint8Array;
  readonly blind: Uint8Array;
  readonly blinded: Uint8Array;
}

function openState(state: Uint8Array): { kind: TokenKind; hub: HubId; week: Week; items: readonly StateItem[] } | undefined {
  const count = (state.length - STATE_HEAD_BYTES) / STATE_ITEM_BYTES;
  if (!Number.isInteger(count) || count < 1 || count > LIMITS.tokensPerDraw) return undefined;
  const kind = KINDS[state[0] as number];
  const hub = hubId(state.slice(1, 17));
  const week = weekAt(state, 17);
  if (kind === undefined || hub === undefined || week === undefined) return undefined;
  const items = Array.from({ length: count }, (_, index): StateItem => {
    const start = STATE_HEAD_BYTES + index * STATE_ITEM_BYTES;
    const part = (from: number, length: number) => state.slice(start + from, start + from + length);
    return {
      nonce: part(0, NONCE_BYTES), blind: part(NONCE_BYTES, SCALAR_BYTES), blinded: part(NONCE_BYTES + SCALAR_BYTES, ELEMENT_BYTES),
    };
  });
  return { kind, hub, week, items };
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
