/**
 * The key that evaluates tokens, made at the first start from a seed in the database. Whoever takes it can make tokens, and
 * so post more than an allowance; it links no token to a pass, a draw or a post.
 */
import { Inject, Injectable } from '@nestjs/common';
import { sodiumReady } from '#shared/sodium.ts';
import { type IssuerKeyPair, issuerKeyPair } from '#shared/voprf/tokens.ts';
import type { RelayConfig } from '../config/config.ts';
import { RELAY_CONFIG } from '../config/config.module.ts';
import { ISSUER_STORE, type IssuerStore } from './issuer.store.ts';

/** What each pass may draw in a week. */
export interface Allowance {
  readonly postage: number;
  readonly tickets: number;
}

@Injectable()
export class Issuer {
  readonly allowance: Allowance;
  private readonly store: IssuerStore;
  /** Never changes once made. */
  private pair: IssuerKeyPair | undefined;

  constructor(@Inject(ISSUER_STORE) store: IssuerStore, @Inject(RELAY_CONFIG) config: RelayConfig) {
    this.store = store;
    this.allowance = { postage: config.postagePerWeek, tickets: config.ticketsPerWeek };
  }

  /** @throws RelayRefusal while the database is away */
  async keys(): Promise<IssuerKeyPair> {
    if (this.pair === undefined) {
      await sodiumReady();
      this.pair = await issuerKeyPair(await this.store.seed());
    }
    return this.pair;
  }
}
