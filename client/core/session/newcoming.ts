/** After a commit of ours added people: their Welcomes, and everybody's cards for everybody. */
import { create, toBinary } from '@bufbuild/protobuf';
import { CardsSchema, RoomContentSchema, WelcomeDropSchema, type RoomContent, type Signed } from '../content/gen/thicket/content/v1/content_pb.ts';
import { OutboxItemSchema, type Newcoming } from '../content/gen/thicket/vault/v1/vault_pb.ts';
import { MlsFailure, type Mls } from '../mls/port.ts';
import { hex, randomBytes } from '#shared/sodium.ts';
import { tellNewcomers } from './boards/desk.ts';
import type { Draft } from './draft.ts';
import { namedMember } from './judging.ts';
import { handedOn } from './profiles/profiles.ts';
import { mailboxOf, type RoomState } from './room-state.ts';

/** Cards that fit one message of the largest size. */
const CARDS_PER_MESSAGE = 100;

/**
 * @param commitSeq where the commit stands in the log that added them
 * @param areOurs devices of our own: they have everybody's card, and the others need our new one only
 */
export async function queueNewcoming(
  draft: Draft, state: RoomState, newcoming: readonly Newcoming[], commitSeq: number, areOurs = false,
): Promise<void> {
  if (newcoming.length === 0) return;
  const { card } = draft.profile;
  for (const { keyPackage, welcome } of newcoming) {
    const content = create(WelcomeDropSchema, {
      welcome, mailbox: state.mailbox, commitSeq: BigInt(commitSeq), ...(card && { card }),
    });
    const body = await sealOrSkip(draft.device.mls, keyPackage, toBinary(WelcomeDropSchema, content));
    if (body !== undefined) draft.enqueue(create(OutboxItemSchema, { what: { case: 'drop', value: { body } } }));
  }
  for (const profiles of await handedOn(draft, state.id, [...new Set(state.room.leaves.map(namedMember).map(hex))])) {
    enqueueContent(draft, state, { case: 'cards', value: create(CardsSchema, { profiles }) });
  }
  await tellNewcomers(draft, state);
  queueCards(draft, state, areOurs ? [draft.device.member.key] : state.room.leaves.map(namedMember));
}

/** The commit stands in the log already: whatever is wrong with one Welcome must not keep this device from reading on. */
async function sealOrSkip(mls: Mls, keyPackage: Uint8Array, content: Uint8Array): Promise<Uint8Array | undefined> {
  try {
    return await mls.sealDrop(keyPackage, content);
  } catch (thrown) {
    if (thrown instanceof MlsFailure) return undefined;
    throw thrown;
  }
}

function queueCards(draft: Draft, state: RoomState, people: readonly Uint8Array[]): void {
  const cards: Signed[] = [];
  for (const member of new Set(people.map(hex))) {
    const known = draft.people.get(member);
    if (known !== undefined) cards.push(known.signed);
  }
  for (let at = 0; at < cards.length; at += CARDS_PER_MESSAGE) {
    enqueueContent(draft, state, { case: 'cards', value: create(CardsSchema, { cards: cards.slice(at, at + CARDS_PER_MESSAGE) }) });
  }
}

/** What a content says of itself beside its body. */
export type Surroundings = Partial<Pick<RoomContent, 'replyTo' | 'thread' | 'forwarded'>>;

/** Puts a room message into the outbox. @returns its id, 16 bytes */
export function enqueueContent(
  draft: Draft, state: RoomState, body: NonNullable<Parameters<typeof create<typeof RoomContentSchema>>[1]>['body'], surroundings: Surroundings = {},
): Uint8Array {
  const id = randomBytes(16);
  const content = create(RoomContentSchema, { sentAtMs: BigInt(draft.device.now()), id, ...surroundings, ...(body && { body }) });
  draft.enqueue(create(OutboxItemSchema, {
    what: { case: 'message', value: { mailbox: mailboxOf(state.id) ?? state.mailbox, content: toBinary(RoomContentSchema, content) } },
  }));
  return id;
}
