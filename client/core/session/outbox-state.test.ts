import { create } from '@bufbuild/protobuf';
import { beforeAll, expect, it } from 'vitest';
import { fromHex, sodiumReady } from '#shared/sodium.ts';
import { OutboxItemSchema, type OutboxItem } from '../content/gen/thicket/vault/v1/vault_pb.ts';
import type { Draft } from './draft.ts';
import { dropPostage } from './outbox-state.ts';

beforeAll(() => sodiumReady());

const mailbox = (of: string): Uint8Array => fromHex(of.repeat(16)) as Uint8Array;
const waiting = (of: string): OutboxItem =>
  create(OutboxItemSchema, { what: { case: 'message', value: { mailbox: mailbox(of), postage: new Uint8Array(100) } } });

it('what waits for a room that moved is paid for with other tokens; what waits for another room is not', () => {
  const outbox = new Map([[1, waiting('aa')], [2, waiting('bb')]]);
  dropPostage({ outbox } as unknown as Draft, 'aa'.repeat(16));
  expect([...outbox.values()].map(({ what }) => what.value?.postage.length)).toEqual([0, 100]);
});
