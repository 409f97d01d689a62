/** Where a newcomer and an inviter exchange sealed messages: first claim wins, one answer, gone after three days. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { RelayRefusal, type RefusalCode } from '#shared/errors.ts';
import { type RendezvousId, type Secret32 } from '#shared/ids.ts';
import { RETENTION_DAYS } from '#shared/limits.ts';
import { SINGLE_COST } from '#shared/postage.ts';
import { CALENDAR, type Calendar } from '../operations/calendar.ts';
import { PostageService } from '../postage/postage.service.ts';
import { type Change, type MeetingPlace, RENDEZVOUS_STORE, type RendezvousStore } from './rendezvous.store.ts';

interface Verdict {
  readonly change: Change | undefined;
  readonly refusal: RefusalCode | undefined;
}
const nothingToDo: Verdict = { change: undefined, refusal: undefined };
const refused = (refusal: RefusalCode, change?: Change): Verdict => ({ change, refusal });
const changed = (change: Change): Verdict => ({ change, refusal: undefined });

@Injectable()
export class RendezvousService {
  private readonly store: RendezvousStore;
  private readonly calendar: Calendar;
  private readonly postage: PostageService;

  constructor(
    @Inject(RENDEZVOUS_STORE) store: RendezvousStore, @Inject(CALENDAR) calendar: Calendar, @Inject(PostageService) postage: PostageService,
  ) {
    this.store = store;
    this.calendar = calendar;
    this.postage = postage;
  }

  /** The same owner again is not an error, and costs nothing again. @throws RelayRefusal not-owner, and what PostageService.verify throws */
  async open(id: RendezvousId, owner: Secret32, postage: Uint8Array): Promise<void> {
    const since = this.oldestDay();
    const place = (await this.store.find(id, since)) ??
      (await this.store.open({ id, ownerHash: sha256(owner), day: this.calendar.today(), since, paid: await this.postage.verify(postage, SINGLE_COST) }));
    if (!matches(place.ownerHash, owner)) throw new RelayRefusal('not-owner');
  }

  /** The same claim again is not an error. @throws RelayRefusal unknown-rendezvous, already-claimed */
  async claim(id: RendezvousId, secret: Secret32, body: Uint8Array): Promise<void> {
    await this.decide(id, (place) => {
      if (place.claimHash === undefined) return changed({ claimHash: sha256(secret), claim: body });
      if (!matches(place.claimHash, secret)) return refused('already-claimed', { oneMoreRefused: true });
      return same(place.claim, body) ? nothingToDo : refused('already-claimed');
    });
  }

  /** The same answer again is not an error. @throws RelayRefusal unknown-rendezvous, not-owner, already-answered */
  async answer(id: RendezvousId, owner: Secret32, body: Uint8Array): Promise<void> {
    await this.decide(id, (place) => {
      if (!matches(place.ownerHash, owner)) return refused('not-owner');
      if (place.answer === undefined) return changed({ answer: body });
      return same(place.answer, body) ? nothingToDo : refused('already-answered');
    });
  }

  /** For either side. @throws RelayRefusal unknown-rendezvous, not-owner */
  async read(id: RendezvousId, secret: Secret32): Promise<MeetingPlace> {
    const place = await this.store.find(id, this.oldestDay());
    if (place === undefined) throw new RelayRefusal('unknown-rendezvous');
    const claimant = place.claimHash !== undefined && matches(place.claimHash, secret);
    if (!matches(place.ownerHash, secret) && !claimant) throw new RelayRefusal('not-owner');
    return place;
  }

  private async decide(id: RendezvousId, rule: (place: MeetingPlace) => Verdict): Promise<void> {
    const verdict = await this.store.decide(id, this.oldestDay(), rule);
    if (verdict === undefined) throw new RelayRefusal('unknown-rendezvous');
    if (verdict.refusal !== undefined) throw new RelayRefusal(verdict.refusal);
  }

  /** 72 hours, told in days: a place opened late on its day lasts a little longer, never shorter. */
  private oldestDay(): number {
    return this.calendar.today() - RETENTION_DAYS.rendezvous;
  }
}

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
const matches = (hash: Uint8Array, secret: Secret32): boolean => timingSafeEqual(hash, sha256(secret));
const same = (kept: Uint8Array | undefined, body: Uint8Array): boolean => kept !== undefined && Buffer.compare(kept, body) === 0;
