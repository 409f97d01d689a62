/**
 * Passes: a device's pseudonym towards the relay, which keeps the hash of its secret and nothing else about it.
 * A blind ticket makes one for a newcomer.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { RelayRefusal } from '#shared/errors.ts';
import { type PassId, type Secret32, weekOf } from '#shared/ids.ts';
import { TOKEN_BYTES } from '#shared/postage.ts';
import type { RelayConfig } from '../config/config.ts';
import { RELAY_CONFIG } from '../config/config.module.ts';
import { CALENDAR, type Calendar } from '../operations/calendar.ts';
import { TicketsService } from '../postage/tickets.service.ts';
import { weeksGoodOn } from '../postage/weeks.ts';
import { PASSES_STORE, type PassesStore, type RegisterOutcome } from './passes.store.ts';

/** A pass that is struck off is still let in for this long, in milliseconds. */
const REMEMBERED_MS = 60_000;
const MOST_REMEMBERED = 20_000;

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

@Injectable()
export class PassesService {
  private readonly store: PassesStore;
  private readonly tickets: TicketsService;
  private readonly calendar: Calendar;
  private readonly newPassesPerWeek: number;
  private readonly remembered = new Map<string, { readonly hash: Uint8Array; readonly until: number }>();

  constructor(
    @Inject(PASSES_STORE) store: PassesStore, @Inject(TicketsService) tickets: TicketsService, @Inject(CALENDAR) calendar: Calendar,
    @Inject(RELAY_CONFIG) config: RelayConfig,
  ) {
    this.store = store;
    this.tickets = tickets;
    this.calendar = calendar;
    this.newPassesPerWeek = config.newPassesPerWeek;
  }

  /** @throws RelayRefusal no-pass */
  async check(pass: PassId, secret: Secret32): Promise<void> {
    const shown = sha256(secret);
    const kept = await this.hashOf(pass);
    if (!timingSafeEqual(shown, kept ?? Buffer.alloc(32)) || kept === undefined) throw new RelayRefusal('no-pass');
  }

  /**
   * The same ticket with the same pass again is not an error.
   * @throws RelayRefusal bad-ticket, too-many (the hub has made as many this week as it may), bad-field (the pass id is taken)
   */
  async register(request: { ticket: Uint8Array; pass: PassId; secret: Secret32 }): Promise<void> {
    const outcome = await this.redeem(request);
    if (outcome === 'pass-taken') throw new RelayRefusal('bad-field');
    if (outcome !== 'registered') throw new RelayRefusal(outcome);
  }

  private async redeem({ ticket, pass, secret }: { ticket: Uint8Array; pass: PassId; secret: Secret32 }): Promise<RegisterOutcome> {
    const secretHash = sha256(secret);
    if (ticket.length !== TOKEN_BYTES) throw new RelayRefusal('bad-field');
    const name = await this.tickets.verify(ticket);
    const today = this.calendar.today();
    return this.store.redeem({ ticket: name, pass, secretHash, week: weekOf(today), most: this.newPassesPerWeek, noTicketsIn: weeksGoodOn(today) });
  }

  private async hashOf(pass: PassId): Promise<Uint8Array | undefined> {
    const key = Buffer.from(pass).toString('base64');
    const now = Date.now();
    const known = this.remembered.get(key);
    if (known !== undefined && known.until > now) return known.hash;
    const hash = await this.store.secretHash(pass);
    if (hash === undefined) {
      this.remembered.delete(key);
    } else {
      if (this.remembered.size >= MOST_REMEMBERED) this.remembered.clear();
      this.remembered.set(key, { hash, until: now + REMEMBERED_MS });
    }
    return hash;
  }
}
