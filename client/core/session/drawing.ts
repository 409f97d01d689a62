/**
 * Drawing tokens. Every device draws its whole week's allowance, of both kinds, in chunks and with pauses by chance: so
 * what a pass draws does not tell how much its owner posts, nor whether they invite. A draw is durable before it is
 * sent and goes again unchanged until it is answered. A token counts only if the proof beside it shows that it was made
 * with the issuer key in the bulletin; a relay that used another for one of us could recognise what we spend.
 */
import { RelayRefusal } from '#shared/errors.ts';
import type { Week } from '#shared/ids.ts';
import { sameBytes } from '../domain/signing.ts';
import type { HubHello, TokenKind } from '../relay/port.ts';
import { raiseAlarm } from './alarms.ts';
import type { PostageState } from './api.ts';
import type { Device } from './device.ts';
import { drawnOf, dropPast, endDraw, endOf, leftOf, setDrawn, startDraw, stockOf, takeRelayWeek, TokensMissing, weekNow } from './postage-stock.ts';
import { Serial } from './serial.ts';

const KINDS: readonly TokenKind[] = ['postage', 'ticket'];
const CHUNK = 64;
/** A device that has just started needs little at once. */
const FIRST_CHUNK: Readonly<Record<TokenKind, number>> = { postage: 32, ticket: 4 };
/** However much a relay offers, in tokens a week. */
const MOST = 100_000;
/** Between chunks, and after the turn of the week, in milliseconds; by chance from half to one and a half of it. */
const PAUSE_MS = 120_000;
const AFTER_TURN_MS = 3 * 3_600_000;
/** How long nothing is asked of a relay that used another key. */
const DISTRUST_MS = 3_600_000;

export class Drawing {
  readonly #device: Device;
  readonly #serial = new Serial();
  #waiting = false;
  #problem: PostageState['problem'];
  #distrustedUntil = 0;
  #greeted = false;
  readonly #started = new Set<TokenKind>();

  constructor(device: Device) {
    this.#device = device;
  }

  get state(): PostageState {
    const week = weekNow(this.#device);
    return { left: leftOf(this.#device, 'postage'), waiting: this.#waiting, renewsAt: endOf(week), problem: this.#problem };
  }

  /** What the relay says of itself. Its key is held against the bulletin's before anything is drawn. */
  async greet({ allowance, issuerKey }: HubHello): Promise<void> {
    this.#greeted = true;
    this.#device.allowance = { postage: Math.min(allowance.postage, MOST), ticket: Math.min(allowance.ticket, MOST) };
    if (sameBytes(issuerKey, this.#issuerKey)) this.#distrustedUntil = 0;
    else await this.#distrust();
  }

  /** The first chunk of each kind, and one more at every start: a device that is never open for long draws all of it too. */
  async start(): Promise<void> {
    for (const kind of KINDS) {
      if (this.#started.has(kind)) continue;
      const { drawn } = drawnOf(this.#device.postage, kind, weekNow(this.#device));
      await this.#draw(kind, drawn === 0 ? FIRST_CHUNK[kind] : CHUNK);
      this.#started.add(kind);
    }
  }

  /** The rest of the week's, and every later week's. @param pause resolves when the time is over, or the device stops */
  async goOn(pause: (ms: number) => Promise<void>, stopped: () => boolean): Promise<void> {
    while (!stopped()) {
      const week = weekNow(this.#device);
      const isDone = KINDS.every((kind) => this.#drawable(kind) === 0);
      await pause(isDone ? this.#untilTurn() : PAUSE_MS * (0.5 + Math.random()));
      if (stopped()) return;
      if (weekNow(this.#device) !== week) await pause(AFTER_TURN_MS * (0.5 + Math.random()));
      for (const kind of KINDS) if (!stopped()) await this.#draw(kind, CHUNK).catch(() => false);
      await this.#device.change(async (draft) => dropPast(draft)).catch(() => undefined);
    }
  }

  /**
   * Draws at once until there are so many.
   * @throws SessionFailure `no-postage` | `no-tickets` when this week's are used up, or the relay is not to be trusted with it
   */
  async restock(kind: TokenKind, count: number): Promise<void> {
    if (!this.#greeted) await this.greet(await this.#device.relay.hello());
    const has = () => stockOf(this.#device.postage, kind, weekNow(this.#device)) >= count;
    while (!has()) {
      if (await this.#draw(kind, CHUNK)) continue;
      if (has()) return;
      if (kind === 'postage') this.#show(true, this.#problem);
      throw new TokensMissing(kind, count);
    }
  }

  #draw(kind: TokenKind, most: number): Promise<boolean> {
    return this.#serial.run(() => this.#drawNow(kind, most));
  }

  /** One chunk. @returns false where there is nothing more to be had */
  async #drawNow(kind: TokenKind, most: number): Promise<boolean> {
    const device = this.#device;
    if (device.now() < this.#distrustedUntil) return false;
    if (!(await this.#prepare(kind, most))) return false;
    const [first] = drawnOf(device.postage, kind, weekNow(device)).under;
    if (first === undefined) return false;
    const [order, { state }] = first;
    const { drawOf, finishTokens } = await import('#shared/voprf/tokens.ts');
    const request = drawOf(state);
    if (request === undefined) return this.#giveUp(order);
    try {
      const reply = await device.relay.drawTokens(device.pass, request);
      const tokens = await finishTokens(state, reply, this.#issuerKey);
      if (tokens === undefined) return this.#distrust();
      await device.change(async (draft) => endDraw(draft, order, tokens));
    } catch (thrown) {
      if (!(thrown instanceof RelayRefusal)) throw thrown;
      return this.#refused(thrown, order, request);
    }
    this.#show(false, undefined);
    device.wake.outbox();
    return true;
  }

  /** Makes a draw and keeps it, unless one is under way. @returns false where the week's are all drawn */
  async #prepare(kind: TokenKind, most: number): Promise<boolean> {
    const device = this.#device;
    const week = weekNow(device);
    if (drawnOf(device.postage, kind, week).under.length > 0) return true;
    const count = Math.min(most, this.#drawable(kind));
    if (count <= 0) return false;
    const { blindTokens } = await import('#shared/voprf/tokens.ts');
    const { state } = await blindTokens(kind, device.hub, week, count);
    await device.change(async (draft) => {
      dropPast(draft);
      startDraw(draft, { kind, week, count, state });
    });
    return true;
  }

  /** @returns true where another try may go better */
  async #refused(refusal: RelayRefusal, order: number, { kind, week }: { kind: TokenKind; week: Week }): Promise<boolean> {
    if (refusal.code === 'wrong-week') {
      const isNear = takeRelayWeek(this.#device, refusal);
      await this.#giveUp(order);
      if (!isNear) this.#show(this.#waiting, 'other-week');
      return isNear;
    }
    if (refusal.code !== 'allowance-drawn') throw refusal;
    // Drawn by a later life of this vault, of which it knows nothing.
    await this.#device.change(async (draft) => {
      endDraw(draft, order, []);
      setDrawn(draft, kind, week, MOST);
    });
    return false;
  }

  async #giveUp(order: number): Promise<false> {
    await this.#device.change(async (draft) => endDraw(draft, order, []));
    return false;
  }

  #drawable(kind: TokenKind): number {
    const { drawn, under } = drawnOf(this.#device.postage, kind, weekNow(this.#device));
    return under.length > 0 ? 1 : Math.max(0, this.#device.allowance[kind] - drawn);
  }

  #untilTurn(): number {
    return Math.max(60_000, Math.min(endOf(weekNow(this.#device)) - this.#device.now(), 3_600_000));
  }

  get #issuerKey(): Uint8Array {
    return this.#device.constitution.facts.issuerKey;
  }

  /** Told once: the same news at every try would be no more news. */
  async #distrust(): Promise<false> {
    this.#distrustedUntil = this.#device.now() + DISTRUST_MS;
    if (this.#problem !== 'other-key') await this.#device.change(async (draft) => raiseAlarm(draft, 'other-issuer-key'));
    this.#show(this.#waiting, 'other-key');
    return false;
  }

  #show(waiting: boolean, problem: PostageState['problem']): void {
    const isNews = waiting !== this.#waiting || problem !== this.#problem;
    [this.#waiting, this.#problem] = [waiting, problem];
    if (isNews) this.#device.emit({ changed: 'overview' });
  }
}
