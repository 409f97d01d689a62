/**
 * The tokens this device has: taken from the stock in the same change that makes what they pay for durable, and never
 * put back. So no token leaves this device for two things, whatever crashes when.
 */
import { create } from '@bufbuild/protobuf';
import { DAY_MS, dayOf, firstDayOf, weekOf, type Week } from '#shared/ids.ts';
import { RelayRefusal } from '#shared/errors.ts';
import { TOKEN_BYTES } from '#shared/postage.ts';
import { concatBytes } from '#shared/sodium.ts';
import { StoredPostageSchema, type StoredPostage, type StoredPostage_Draw } from '../content/gen/thicket/vault/v1/vault_pb.ts';
import type { TokenKind } from '../relay/port.ts';
import { SessionFailure } from './api.ts';
import type { Device } from './device.ts';
import type { Draft } from './draft.ts';

const NOTHING = new Uint8Array(0);

/** Thrown inside a change, which then does not happen: so many more have to be drawn first. */
export class TokensMissing extends SessionFailure {
  readonly kind: TokenKind;
  readonly count: number;
  constructor(kind: TokenKind, count: number) {
    super(kind === 'ticket' ? 'no-tickets' : 'no-postage');
    this.kind = kind;
    this.count = count;
  }
}

// ---------------------------------------------------------------- weeks

/** The week whose tokens are good now: by the own clock, or the relay's where the clock is within a day of the turn. */
export function weekNow({ now, relayWeek }: Pick<Device, 'now' | 'relayWeek'>): Week {
  const [own, ms] = [weekOf(dayOf(now())), now()];
  const isNear = relayWeek === weekOf(dayOf(ms - DAY_MS)) || relayWeek === weekOf(dayOf(ms + DAY_MS));
  return relayWeek !== undefined && isNear ? relayWeek : own;
}

/** Whose tokens are taken, oldest first: on the first day of a week also the last one's, so that nobody need draw just then. */
export function goodWeeks(device: Pick<Device, 'now' | 'relayWeek'>): readonly Week[] {
  const week = weekNow(device);
  const isGrace = device.relayWeek !== week && dayOf(device.now()) === firstDayOf(week);
  return isGrace ? [(week - 1) as Week, week] : [week];
}

/** Milliseconds since 1970 at which a week is over. */
export const endOf = (week: Week): number => firstDayOf((week + 1) as Week) * DAY_MS;

/** What a relay says of its week, when it refuses another. @returns false if this device's clock is too far from it */
export function takeRelayWeek(device: Device, thrown: RelayRefusal): boolean {
  if (thrown.currentWeek === undefined) return false;
  device.relayWeek = thrown.currentWeek as Week;
  return weekNow(device) === device.relayWeek;
}

/** Other tokens may do. A relay that does not know its own (`bad-postage`) would have them all, so that is a refusal like any other. */
export const isPostageRefusal = (thrown: unknown): thrown is RelayRefusal =>
  thrown instanceof RelayRefusal && (thrown.code === 'postage-spent' || thrown.code === 'wrong-week');

// ---------------------------------------------------------------- spending

/**
 * Tokens for what costs so many. What is `kept` from an earlier try at the same thing goes first.
 * @throws TokensMissing
 */
export function payFor(draft: Draft, cost: number, kept: Uint8Array = NOTHING): Uint8Array {
  const weeks: readonly number[] = goodWeeks(draft.device);
  const good = tokensIn(kept).filter((token) => weeks.includes(weekIn(token))).slice(0, cost);
  return concatBytes(...good, ...takeTokens(draft, 'postage', cost - good.length));
}

/** @throws TokensMissing */
export function takeTokens(draft: Draft, kind: TokenKind, count: number): Uint8Array[] {
  const weeks = goodWeeks(draft.device);
  if (stockIn(draft.postage.entries(), kind, weeks) < count) throw new TokensMissing(kind, count);
  const taken: Uint8Array[] = [];
  for (const [order, batch] of weeks.flatMap((week) => batchesOf(draft.postage.entries(), kind, week))) {
    const part = batch.tokens.slice(0, count - taken.length);
    taken.push(...part);
    if (part.length === batch.tokens.length) draft.postage.delete(order);
    else if (part.length > 0) draft.postage.set(order, tokensEntry(kind, batch.week as Week, batch.tokens.slice(part.length)));
  }
  return taken;
}

/** Weeks after the one it was drawn for in which a ticket is still taken, but for the last: nobody cuts it that fine. */
const TICKET_WEEKS = 3;

export const isTicketGood = (device: Pick<Device, 'now' | 'relayWeek'>, ticket: Uint8Array): boolean =>
  ticket.length === TOKEN_BYTES && weekNow(device) - weekIn(ticket) <= TICKET_WEEKS;

/** A ticket to give away beside the one that is needed: while there are more than half of this week's, and one is at hand. */
export function takeSpareTicket(draft: Draft): Uint8Array | undefined {
  const { device } = draft;
  const isPlenty = leftOf(device, 'ticket') > device.allowance.ticket / 2 && stockIn(draft.postage.entries(), 'ticket', goodWeeks(device)) > 0;
  return isPlenty ? takeTokens(draft, 'ticket', 1)[0] : undefined;
}

// ---------------------------------------------------------------- what there is

type Entries = Iterable<readonly [number, StoredPostage]>;

function batchesOf(entries: Entries, kind: TokenKind, week: Week) {
  return [...entries].sort(([a], [b]) => a - b).flatMap(([order, { what }]) =>
    what.case === 'tokens' && what.value.kind === kind && what.value.week === week ? [[order, what.value] as const] : []);
}

export const stockOf = (entries: Entries, kind: TokenKind, week: Week): number =>
  batchesOf(entries, kind, week).reduce((sum, [, { tokens }]) => sum + tokens.length, 0);

/** In several weeks together. */
export function stockIn(entries: Entries, kind: TokenKind, weeks: readonly Week[]): number {
  const all = [...entries];
  return weeks.reduce((sum, week) => sum + stockOf(all, kind, week), 0);
}

/** How many of this week's were asked for, and the draws that were not answered yet. */
export function drawnOf(entries: Entries, kind: TokenKind, week: Week): { drawn: number; under: readonly (readonly [number, StoredPostage_Draw])[] } {
  let drawn = 0;
  const under: (readonly [number, StoredPostage_Draw])[] = [];
  for (const [order, { what }] of entries) {
    if (what.case === undefined || what.value.kind !== kind || what.value.week !== week) continue;
    if (what.case === 'drawn') drawn += what.value.count;
    if (what.case === 'draw') under.push([order, what.value]);
  }
  return { drawn, under };
}

/** Tokens of this kind that this device has or may still draw this week. */
export function leftOf(device: Device, kind: TokenKind): number {
  const week = weekNow(device);
  const { drawn, under } = drawnOf(device.postage, kind, week);
  const waiting = under.reduce((sum, [, { count }]) => sum + count, 0);
  return stockIn(device.postage, kind, goodWeeks(device)) + waiting + Math.max(0, device.allowance[kind] - drawn);
}

// ---------------------------------------------------------------- drawing

export function startDraw(draft: Draft, draw: { kind: TokenKind; week: Week; count: number; state: Uint8Array }): void {
  setDrawn(draft, draw.kind, draw.week, drawnOf(draft.postage.entries(), draw.kind, draw.week).drawn + draw.count);
  draft.postage.set(nextOrder(draft), create(StoredPostageSchema, { what: { case: 'draw', value: draw } }));
}

export function endDraw(draft: Draft, order: number, tokens: readonly Uint8Array[]): void {
  const what = draft.postage.get(order)?.what;
  draft.postage.delete(order);
  if (what?.case !== 'draw' || tokens.length === 0) return;
  draft.postage.set(nextOrder(draft), tokensEntry(what.value.kind as TokenKind, what.value.week as Week, tokens));
}

/** Nothing can be drawn any more in this week, whatever this device remembers. */
export function setDrawn(draft: Draft, kind: TokenKind, week: Week, count: number): void {
  for (const [order, { what }] of draft.postage.entries()) {
    if (what.case === 'drawn' && what.value.kind === kind && what.value.week === week) draft.postage.delete(order);
  }
  draft.postage.set(nextOrder(draft), create(StoredPostageSchema, { what: { case: 'drawn', value: { kind, week, count } } }));
}

/** What is of another week is worth nothing; it stays for a day, in case it was this device's clock that ran ahead. */
export function dropPast(draft: Draft): void {
  const week = weekOf(dayOf(draft.device.now() - DAY_MS));
  for (const [order, { what }] of draft.postage.entries()) {
    if (what.case !== undefined && what.value.week < Math.min(week, weekNow(draft.device))) draft.postage.delete(order);
  }
}

function nextOrder(draft: Draft): number {
  let last = 0;
  for (const [order] of draft.postage.entries()) last = Math.max(last, order);
  return last + 1;
}

const tokensEntry = (kind: TokenKind, week: Week, tokens: readonly Uint8Array[]): StoredPostage =>
  create(StoredPostageSchema, { what: { case: 'tokens', value: { kind, week, tokens: [...tokens] } } });

const tokensIn = (postage: Uint8Array): Uint8Array[] =>
  Array.from({ length: Math.floor(postage.length / TOKEN_BYTES) }, (_, index) => postage.slice(index * TOKEN_BYTES, (index + 1) * TOKEN_BYTES));

const weekIn = (token: Uint8Array): number => new DataView(token.buffer, token.byteOffset).getUint32(0);
