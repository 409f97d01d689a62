import { expect, it } from 'vitest';
import { Kind } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { startTestRelay } from '../../../test/harness/relay.ts';
import { testCalendar } from '../../../test/harness/test-calendar.ts';
import { WireHub, random } from '../../../test/harness/wire.ts';
import { expiryOfRecord } from '../retention/expiry.ts';
import { READ } from './log.store.typeorm.ts';

it('looks for bodies in the partitions of the days they end with, and in no other', async () => {
  const calendar = testCalendar();
  const relay = await startTestRelay({ calendar });
  const mailbox = await (await WireHub.found(relay)).openMailbox();
  for (let day = 0; day < 4; day += 1) {
    await mailbox.post();
    await mailbox.post(random(16_384), { kind: Kind.NOTICE });
    calendar.pass(1);
  }
  const wanted = expiryOfRecord(Kind.POST, calendar.today() - 1);
  const plan = (await relay.database.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${READ}`, [0, 1, 128, [wanted]])).map((row) => row['QUERY PLAN']).join('\n');
  expect([...new Set(plan.match(/bodies_\d+/g))].filter((name) => /^bodies_\d+$/.test(name))).toEqual([`bodies_${wanted}`]);
  await relay.stop();
}, 120_000);
