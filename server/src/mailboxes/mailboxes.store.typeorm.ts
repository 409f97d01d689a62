import { Inject, Injectable } from '@nestjs/common';
import type { MailboxId, PostVerifyKey } from '#shared/ids.ts';
import { Database, type Sql } from '../database/database.ts';
import { spend } from '../postage/spend.ts';
import type { PaidToken } from '../postage/tokens.ts';
import type { MailboxesStore, OpenOutcome } from './mailboxes.store.ts';

@Injectable()
export class MailboxesStoreTypeorm implements MailboxesStore {
  private readonly database: Database;

  constructor(@Inject(Database) database: Database) {
    this.database = database;
  }

  async opened(mailbox: MailboxId, key: PostVerifyKey): Promise<'same' | 'exists' | undefined> {
    return openedIn(this.database, mailbox, key);
  }

  async open(mailbox: MailboxId, key: PostVerifyKey, paid: readonly PaidToken[]): Promise<OpenOutcome> {
    return this.database.transaction(async (sql) => {
      const rows = await sql.query(
        'INSERT INTO mailboxes (mailbox, verify_key) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1 AS opened', [mailbox, key],
      );
      if (rows.length === 0) return (await openedIn(sql, mailbox, key)) ?? 'exists';
      await spend(sql, paid);
      return 'opened';
    });
  }
}

async function openedIn(sql: Sql, mailbox: MailboxId, key: PostVerifyKey): Promise<'same' | 'exists' | undefined> {
  const [row] = await sql.query<{ slot: string; verify_key: Buffer | null }>('SELECT slot, verify_key FROM mailboxes WHERE mailbox = $1', [mailbox]);
  if (row === undefined) return undefined;
  return row.slot === '0' && row.verify_key?.equals(key) ? 'same' : 'exists';
}
