/**
 * Passes: a device's pseudonym towards the relay, which keeps the hash of its secret and nothing else about it.
 * Tickets: what lets one newcomer register a pass.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { RelayRefusal } from '#shared/errors.ts';
import { type PassId, type Secret32, dayOf } from '#shared/ids.ts';
import { PASSES_STORE, type PassesStore } from './passes.store.ts';

/** A pass that is struck off is still let in for this long, in milliseconds. */
const REMEMBERED_MS = 60_000;
const MOST_REMEMBERED = 20_000;

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

@Injectable()
export class PassesService {
  private readonly store: PassesStore;
  private readonly remembered = new Map<string, { readonly hash: Uint8Array; readonly until: number }>();

  constructor(@Inject(PASSES_STORE) store: PassesStore) {
    this.store = store;
  }

  /** @throws RelayRefusal no-pass */
  async check(pass: PassId, secret: Secret32): Promise<void> {
    const shown = sha256(secret);
    const kept = await this.hashOf(pass);
    if (!timingSafeEqual(shown, kept ?? Buffer.alloc(32)) || kept === undefined) throw new RelayRefusal('no-pass');
  }

  async issueTicket(ticketHash: Uint8Array): Promise<void> {
    await this.store.issueTicket(ticketHash, dayOf(Date.now()));
  }

  /** The same ticket with the same pass again is not an error. @throws RelayRefusal bad-ticket, bad-field (the pass id is taken) */
  async register(request: { ticket: Secret32; pass: PassId; secret: Secret32 }): Promise<void> {
    const outcome = await this.store.register({ ticketHash: sha256(request.ticket), pass: request.pass, secretHash: sha256(request.secret) });
    if (outcome === 'bad-ticket') throw new RelayRefusal('bad-ticket');
    if (outcome === 'pass-taken') throw new RelayRefusal('bad-field');
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
