/** The database going away, and the disk filling up, in the middle of the work. */
import { describe, expect, it } from 'vitest';
import { RelayRefusal } from '#shared/errors.ts';
import { type TestPostgres, startTestPostgres } from '../../../test/harness/postgres.ts';
import { startTestRelay } from '../../../test/harness/relay.ts';
import { smallDisk } from '../../../test/harness/small-disk.ts';
import { WireHub, type WireMailbox, random } from '../../../test/harness/wire.ts';
import { storageRefusal } from './storage-errors.ts';

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Posts until told to stop; a body that was refused for the database's sake is sent again until it is known to be there. */
async function postOn(mailbox: WireMailbox, acknowledged: Map<string, number>, refusals: Set<string>, running: () => boolean): Promise<void> {
  while (running()) {
    const body = random(1024);
    for (let placed = false; !placed && running();) {
      try {
        acknowledged.set(Buffer.from(body).toString('base64'), (await mailbox.post(body)).seq);
        placed = true;
      } catch (error) {
        if (!(error instanceof RelayRefusal)) throw error;
        refusals.add(error.code);
        if (error.code === 'duplicate-record') {
          acknowledged.set(Buffer.from(body).toString('base64'), error.existing?.seq as number);
          placed = true;
        } else {
          await pause(20);
        }
      }
    }
  }
}

async function untilPosted(mailbox: WireMailbox, milliseconds: number): Promise<void> {
  const end = Date.now() + milliseconds;
  for (;;) {
    try {
      await mailbox.post();
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
      await pause(50);
    }
  }
}

async function expectAllThere(hub: WireHub, acknowledged: ReadonlyMap<string, number>): Promise<void> {
  const records = await hub.wire.readAll(0, hub.pass);
  expect(records.map(({ seq }) => Number(seq))).toEqual(records.map((_, index) => index + 1));
  const bodies = new Map(records.map(({ seq, body }) => [Buffer.from(body).toString('base64'), Number(seq)]));
  expect(bodies.size).toBe(records.length);
  for (const [body, seq] of acknowledged) expect(bodies.get(body)).toBe(seq);
}

describe('a database that dies while 16 people post', () => {
  it('gives typed refusals, comes back by itself, and loses and repeats nothing that was acknowledged', async () => {
    const postgres = await startTestPostgres();
    // Not a copy of a template: of that, PostgreSQL 17 does not bring back the indexes of UNLOGGED tables after a crash.
    const relay = await startTestRelay({ database: await postgres.emptyDatabase() });
    const hub = await WireHub.found(relay);
    const mailboxes = await Promise.all(Array.from({ length: 16 }, () => hub.openMailbox()));
    const tail = hub.wire.tail(hub.pass);
    await tail.opened();
    const acknowledged = new Map<string, number>();
    const refusals = new Set<string>();
    let running = true;
    const posters = Promise.all(mailboxes.map((mailbox) => postOn(mailbox, acknowledged, refusals, () => running)));
    for (let crash = 0; crash < 3; crash += 1) {
      await pause(300);
      postgres.crash();
      await untilPosted(mailboxes[0] as WireMailbox, 30_000);
    }
    await pause(300);
    running = false;
    await posters;
    expect([...refusals].filter((code) => code !== 'duplicate-record')).toEqual(['storage-unavailable']);
    await expectAllThere(hub, acknowledged);
    const head = Number((await hub.wire.page(0, 0, hub.pass)).head);
    await tail.until(() => tail.records.length === head, 15_000);
    expect(tail.records.map(({ seq }) => Number(seq))).toEqual(Array.from({ length: head }, (_, index) => index + 1));
    tail.close();
    await relay.stop();
    await postgres.stop();
  }, 120_000);
});

describe('a disk that fills up', () => {
  const disk = smallDisk();
  it.skipIf(disk === undefined)('refuses with storage-full, keeps what was acknowledged, and goes on once there is room', async () => {
    if (disk === undefined) return;
    let postgres: TestPostgres | undefined;
    try {
      postgres = await startTestPostgres({ parent: disk.path });
      const relay = await startTestRelay({ database: await postgres.freshDatabase() });
      const hub = await WireHub.found(relay);
      const mailbox = await hub.openMailbox();
      const acknowledged = new Map<string, number>();
      const codes: string[] = [];
      // Room in the write-ahead log, so that the tables meet the full disk first.
      for (let count = 0; count < 2; count += 1) await relay.database.query('SELECT pg_switch_wal()');
      await relay.database.query('CHECKPOINT');
      disk.fill();
      for (let count = 0; count < 200 && codes.length < 3; count += 1) {
        const body = random(65_536);
        await mailbox.post(body).then(
          ({ seq }) => void acknowledged.set(Buffer.from(body).toString('base64'), seq),
          (error: RelayRefusal) => void codes.push(error.code),
        );
      }
      expect(codes).toHaveLength(3);
      expect(codes[0]).toBe('storage-full');
      disk.clear();
      await untilPosted(mailbox, 30_000);
      await expectAllThere(hub, acknowledged);
      await relay.stop();
    } finally {
      await postgres?.stop();
      disk.unmount();
    }
  }, 120_000);
});

describe('errors of the database', () => {
  const withCode = (code: string, message = 'x') => Object.assign(new Error(message), { code });
  it('become the refusal a device can act on', () => {
    expect(storageRefusal(withCode('53100'))?.code).toBe('storage-full');
    expect(storageRefusal(withCode('58030', 'could not write: No space left on device'))?.code).toBe('storage-full');
    for (const code of ['57P01', '57014', '08006', '53300', '40P01', 'ECONNREFUSED', 'ENOENT']) expect(storageRefusal(withCode(code))?.code).toBe('storage-unavailable');
    expect(storageRefusal(new Error('Connection terminated unexpectedly'))?.code).toBe('storage-unavailable');
    expect(storageRefusal(new Error('timeout exceeded when trying to connect'))?.code).toBe('storage-unavailable');
    expect(storageRefusal(withCode('23505'))).toBeUndefined();
    expect(storageRefusal('not an error')).toBeUndefined();
  });
});
