/** Founding: once in a hub's life, by whoever holds the link printed at the latest start. */
import { createHash, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { RelayRefusal } from '#shared/errors.ts';
import type { HubId, PassId, Secret32 } from '#shared/ids.ts';
import { HUB_STORE, type HubStore } from './hub.store.ts';

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

@Injectable()
export class FoundingService {
  private readonly store: HubStore;
  /** Fixed for good once founded, so it is asked for only until then. */
  private founded: HubId | undefined;

  constructor(@Inject(HUB_STORE) store: HubStore) {
    this.store = store;
  }

  /** A fresh token that replaces the one before it. @returns undefined once the hub is founded */
  async newFoundingToken(): Promise<Uint8Array | undefined> {
    const token = randomBytes(32);
    return (await this.store.replaceFoundingToken(sha256(token))) ? token : undefined;
  }

  /** @throws RelayRefusal not-founded */
  async hub(): Promise<HubId> {
    const hub = await this.hubOrUndefined();
    if (hub === undefined) throw new RelayRefusal('not-founded');
    return hub;
  }

  /** The same request twice is not an error: the first reply may have been lost. @throws RelayRefusal */
  async found(request: { token: Secret32; hub: HubId; pass: PassId; secret: Secret32 }): Promise<void> {
    const outcome = await this.store.found({
      tokenHash: sha256(request.token), hub: request.hub, pass: request.pass, secretHash: sha256(request.secret),
    });
    if (outcome !== 'founded') throw new RelayRefusal(outcome);
  }

  async hubOrUndefined(): Promise<HubId | undefined> {
    this.founded ??= (await this.store.hub()).hub;
    return this.founded;
  }
}
