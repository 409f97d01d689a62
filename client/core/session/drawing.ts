/**
 * Drawing tokens. Every device draws its whole week's allowance, of both kinds, in chunks and with pauses by chance: so
 * what a pass draws does not tell how much its owner posts, nor whether they invite. A draw is durable before it is
 * sent and goes again unchanged until it is answered. None is made because something is to be sent: an empty stock waits for a
 * draw that comes by chance, and what waits for it leaves another while later. A token counts only if the proof beside it shows that it was made
 * with the issuer key in the bulletin; a relay that used another for one of us could recognise what we spend.
 */
import { roughly } from '#shared/chance.ts';
import { RelayRefusal } from '#shared/errors.ts';
import { DAY_MS, type Week } from '#shared/ids.ts';
import { sameBytes } from '../domain/signing.ts';
import type { HubHello, TokenKind } from '../relay/port.ts';
import { raiseAlarm } from './alarms.ts';
import { SessionFailure, type PostageState } from './api.ts';
import type { Device } from './device.ts';
import { byChance, Pauses } from './pace.ts';
import { drawnOf, dropPast, endDraw, endOf, goodWeeks, leftOf, setDrawn, startDraw, stockIn, takeRelayWeek, TokensMissing, weekNow } from './postage-stock.ts';
import { Serial } from './serial.ts';

const KINDS: readonly TokenKind[] = ['postage', 'ticket'];
const CHUNK = 64;
/** A device that has just started needs few tickets at once. */
const FIRST_CHUNK: Readonly<Record<TokenKind, number>> = { postage: CHUNK, ticket: 4 };
/** However much a relay offers, in tokens a week. */
const MOST = 100_000;
/** In the last day of a week the next one's are drawn: from a moment by chance, with an hour or two to spare on both sides. */
const EARLIEST_MS = DAY_MS - 3_600_000;
const LATEST_MS = 2 * 3_600_000;
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
  /** Draws that come after a pause, because something waits. */
  readonly #soon = new Map<TokenKind, Promise<boolean>>();
  readonly #pauses = new Pauses();
  #early: { week: Week; at: number } | undefined;

  constructor(device: Device) {
    this.#device = device;
  }

  get state(): PostageState {
    const week = weekNow(this.#device);
    const soon = this.#pauses.size > 0 || this.#device.replacements.wait() > 0;
    return { left: leftOf(this.#device, 'postage'), waiting: this.#waiting, soon, renewsAt: endOf(week), problem: this.#problem };
  }

  /** What the relay says of itself. Its key is held against the bulletin's before anything is drawn. */
  async greet({ allowance, issuerKey }: HubHello): Promise<void> {
    this.#greeted = true;
    this.#device.allowance = { postage: Math.min(allowance.postage, MOST), ticket: Math.min(allowance.ticket, MOST) };
    // A hub founded before there was postage names no key yet: nothing is drawn, and nothing is wrong.
    if (this.#issuerKey.length === 0 || sameBytes(issuerKey, this.#issuerKey)) this.#distrustedUntil = 0;
    else await this.#distrust();
  }

  /** The first chunk of each kind, and one more at every start: a device that is never open for long draws all of it too. */
  async start(): Promise<void> {
    for (const kind of KINDS) {
      if (this.#started.has(kind)) continue;
      const week = this.#due() ?? weekNow(this.#device);
      const { drawn } = drawnOf(this.#device.postage, kind, week);
      await this.#draw(kind, drawn === 0 ? FIRST_CHUNK[kind] : CHUNK, week);
      this.#started.add(kind);
    }
  }

  /** The rest of the week's, and every later week's. @param pause resolves when the time is over, or the device stops */
  async goOn(pause: (ms: number) => Promise<void>, stopped: () => boolean): Promise<void> {
    while (!stopped()) {
      const week = weekNow(this.#device);
      await pause(this.#due() === undefined ? this.#untilDue() : roughly(PAUSE_MS));
      if (stopped()) return;
      if (weekNow(this.#device) !== week && this.#due() !== undefined) await pause(roughly(AFTER_TURN_MS));
      const due = this.#due();
      for (const kind of KINDS) if (!stopped() && due !== undefined) await this.#draw(kind, CHUNK, due).catch(() => false);
      await this.#device.change(async (draft) => dropPast(draft)).catch(() => undefined);
    }
  }

  /**
   * Waits until there are so many, and a while longer. Where there is nothing to be drawn it says so at once.
   * @throws SessionFailure `no-postage` | `no-tickets` when this week's are used up, or the relay is not to be trusted with it
   */
  async restock(kind: TokenKind, count: number): Promise<void> {
    if (!this.#greeted) await this.greet(await this.#device.relay.hello({ known: true }));
    const has = () => stockIn(this.#device.postage, kind, goodWeeks(this.#device)) >= count;
    while (!has()) {
      if (await this.#drawSoon(kind)) continue;
      if (has()) break;
      if (this.#pauses.stopped) throw new SessionFailure('locked');
      if (kind === 'postage') this.#show(true, this.#problem);
      throw new TokensMissing(kind, count);
    }
    await this.#pause();
  }

  stop(): void {
    this.#pauses.stop();
  }

  /** One chunk after a pause, for all who wait. @returns false where there is nothing more to be had */
  #drawSoon(kind: TokenKind): Promise<boolean> {
    const under = this.#soon.get(kind);
    if (under !== undefined) return under;
    if (!this.#mayDraw(kind)) return Promise.resolve(false);
    const soon = this.#pause().then(() => !this.#pauses.stopped && this.#draw(kind, CHUNK)).finally(() => this.#soon.delete(kind));
    this.#soon.set(kind, soon);
    return soon;
  }

  async #pause(): Promise<void> {
    const over = this.#pauses.wait(byChance(this.#device.pace.draw), { firm: true });
    this.#device.emit({ changed: 'overview' });
    await over;
    this.#device.emit({ changed: 'overview' });
  }

  #mayDraw(kind: TokenKind): boolean {
    return this.#device.now() >= this.#distrustedUntil && this.#issuerKey.length > 0 && this.#drawable(kind, weekNow(this.#device)) > 0;
  }

  #draw(kind: TokenKind, most: number, week?: Week): Promise<boolean> {
    return this.#serial.run(() => this.#drawNow(kind, most, week ?? weekNow(this.#device)));
  }

  /** One chunk. @returns false where there is nothing more to be had */
  async #drawNow(kind: TokenKind, most: number, week: Week): Promise<boolean> {
    const device = this.#device;
    if (device.now() < this.#distrustedUntil || this.#issuerKey.length === 0) return false;
    if (!(await this.#prepare(kind, most, week))) return false;
    const [first] = drawnOf(device.postage, kind, week).under;
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
    device.wake.queued();
    return true;
  }

  /** Makes a draw and keeps it, unless one is under way. @returns false where the week's are all drawn */
  async #prepare(kind: TokenKind, most: number, week: Week): Promise<boolean> {
    const device = this.#device;
    if (drawnOf(device.postage, kind, week).under.length > 0) return true;
    const count = Math.min(most, this.#drawable(kind, week));
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
  async #refused(refusal: RelayRefusal, order: number, { kind, week, blinded }: { kind: TokenKind; week: Week; blinded: readonly Uint8Array[] }): Promise<boolean> {
    if (refusal.code === 'wrong-week') {
      const isNear = takeRelayWeek(this.#device, refusal);
      await this.#device.change(async (draft) => {
        endDraw(draft, order, []);
        setDrawn(draft, kind, week, Math.max(0, drawnOf(draft.postage.entries(), kind, week).drawn - blinded.length));
      });
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

  #drawable(kind: TokenKind, week: Week): number {
    const { drawn, under } = drawnOf(this.#device.postage, kind, week);
    return under.length > 0 ? 1 : Math.max(0, this.#device.allowance[kind] - drawn);
  }

  /** The week of which something is to be drawn now: this one, or near its end the next. */
  #due(): Week | undefined {
    const week = weekNow(this.#device);
    const weeks = this.#device.now() < this.#earlyIn(week) ? [week] : [week, (week + 1) as Week];
    return weeks.find((each) => KINDS.some((kind) => this.#drawable(kind, each) > 0));
  }

  /** From when in a week the next one's are drawn. */
  #earlyIn(week: Week): number {
    if (this.#early?.week !== week) this.#early = { week, at: endOf(week) - byChance([LATEST_MS, EARLIEST_MS]) };
    return this.#early.at;
  }

  #untilDue(): number {
    const [week, now] = [weekNow(this.#device), this.#device.now()];
    const next = now < this.#earlyIn(week) ? this.#earlyIn(week) : endOf(week);
    return Math.max(60_000, Math.min(next - now, 3_600_000));
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
