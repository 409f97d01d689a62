import { Inject, Injectable } from '@nestjs/common';
import type { MailboxId, PostVerifyKey } from '#shared/ids.ts';
import { Database } from '../database/database.ts';
import type { MailboxesStore, OpenOutcome } from './mailboxes.store.ts';

@Injectable()
export class MailboxesStoreTypeorm implements MailboxesStore {
  private readonly database: Database;

  constructor(@Inject(Database) database: Database) {
    this.database = database;
  }

  async open(mailbox: MailboxId, key: PostVerifyKey): Promise<OpenOutcome> {
    const rows = await this.database.query(
      'INSERT INTO mailboxes (mailbox, verify_key) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1 AS opened',
      [mailbox, key],
    );
    return rows.length === 1 ? 'opened' : 'exists';
  }
}
