/** Which shards there are. Changes rarely, so each process keeps what it read until it hears that it changed. */
import { Inject, Injectable } from '@nestjs/common';
import { type Generation, newestOf, shardIn } from '#shared/generations.ts';
import type { MailboxId, ShardIndex } from '#shared/ids.ts';
import { LAYOUT_STORE, type LayoutStore } from './layout.store.ts';

@Injectable()
export class LayoutService {
  private readonly store: LayoutStore;
  private known: readonly Generation[] | undefined;

  constructor(@Inject(LAYOUT_STORE) store: LayoutStore) {
    this.store = store;
  }

  /** Oldest first. @throws RelayRefusal */
  async generations(): Promise<readonly Generation[]> {
    return this.known ?? this.refresh();
  }

  /** Asks the database again. @throws RelayRefusal */
  async refresh(): Promise<readonly Generation[]> {
    this.known = await this.store.generations();
    return this.known;
  }

  /** Where new records of a mailbox go. @throws RelayRefusal */
  async shardOf(mailbox: MailboxId): Promise<ShardIndex> {
    return shardIn(newestOf(await this.generations()), mailbox);
  }
}
