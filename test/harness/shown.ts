/**
 * What a device lets the relay see, told line by line before it leaves, so that it is known of a device that is killed as
 * well: every body with the place in the ratchet it was made at, every token with what it was to pay for, every refusal.
 */
import { createHash } from 'node:crypto';
import { type DescMessage, fromBinary } from '@bufbuild/protobuf';
import type { Mls, Room } from '#core/mls/port.ts';
import { stateOf } from '#core/mls/room-state.ts';
import * as wire from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { TOKEN_BYTES } from '#shared/postage.ts';

export interface Sight {
  /** A message that was encrypted: the hash of its body, and mailbox, epoch and generation of the key it took. */
  readonly sealed?: { readonly body: string; readonly place: string };
  /** A request with postage: what it is for, the hash of the body in it, and its tokens. */
  readonly shown?: { readonly purpose: string; readonly body: string; readonly tokens: readonly string[] };
  readonly refused?: string;
}

const PAID: Readonly<Record<string, DescMessage>> = {
  '/v1/records': wire.PostRecordSchema, '/v1/commits': wire.PostCommitSchema, '/v1/mailboxes': wire.OpenMailboxSchema,
  '/v1/pools': wire.FillPoolSchema, '/v1/pools/take': wire.TakePackageSchema,
};
const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** A device's fetch that tells what it sends. @param tell must be done when it returns */
export const watchedFetch = (tell: (sight: Sight) => void): typeof fetch => async (input, init) => {
  const path = new URL(String(input)).pathname;
  const schema = PAID[path];
  if (schema !== undefined) {
    const { mailbox, pool, body, postage } = fromBinary(schema, init?.body as Uint8Array) as unknown as Record<string, Uint8Array | undefined>;
    const tokens = Array.from({ length: (postage?.length ?? 0) / TOKEN_BYTES }, (_, at) => hash(postage?.subarray(at * TOKEN_BYTES, (at + 1) * TOKEN_BYTES) as Uint8Array));
    tell({ shown: { purpose: `${path} ${hex((mailbox ?? pool) as Uint8Array)}`, body: body === undefined ? '' : hash(body), tokens } });
  }
  const reply = await fetch(input, init);
  if (!reply.ok && schema !== undefined) tell({ refused: fromBinary(wire.RefusalSchema, new Uint8Array(await reply.clone().arrayBuffer())).code });
  return reply;
};

/** An MLS that tells where in the ratchet a message stands. */
export const watchedMls = (mls: Mls, tell: (sight: Sight) => void): Mls => ({
  ...mls,
  encrypt: async (room, content) => {
    const made = await mls.encrypt(room, content);
    const { groupContext } = stateOf(room);
    tell({ sealed: { body: hash(made.body), place: `${hex(groupContext.groupId)} ${groupContext.epoch} ${generationAfter(made.next)}` } });
    return made;
  },
});

function generationAfter(room: Room): number {
  const node = stateOf(room).secretTree[2 * room.ownLeaf];
  if (node === undefined || node instanceof Uint8Array) throw new Error('whoever has written has a ratchet');
  return node.application.generation;
}

/** What was told of one device over all its lives. */
export class Sights {
  readonly #places = new Map<string, string>();
  readonly #shown = new Map<string, { purposes: Set<string>; bodies: Set<string> }>();
  readonly #bodies = new Set<string>();
  readonly #refusals: string[] = [];

  hear({ sealed, shown, refused }: Sight): void {
    if (sealed !== undefined) this.#places.set(sealed.body, sealed.place);
    if (refused !== undefined) this.#refusals.push(refused);
    if (shown === undefined) return;
    this.#bodies.add(shown.body);
    for (const token of shown.tokens) {
      const known = this.#shown.get(token) ?? { purposes: new Set(), bodies: new Set() };
      this.#shown.set(token, { purposes: known.purposes.add(shown.purpose), bodies: known.bodies.add(shown.body) });
    }
  }

  /** Messages the relay was shown, accepted or not. */
  get messages(): number {
    return [...this.#bodies].filter((body) => this.#places.has(body)).length;
  }
  get tokens(): number {
    return this.#shown.size;
  }

  /** Places in a ratchet, and so keys and nonces, under which the relay has seen two different bodies. */
  keysUsedTwice(): string[] {
    const seen = [...this.#bodies].flatMap((body) => this.#places.get(body) ?? []);
    return seen.filter((place, index) => seen.indexOf(place) !== index);
  }

  /** Tokens that were shown for two things. */
  tokensForTwoThings(): string[][] {
    return [...this.#shown.values()].map(({ purposes }) => [...purposes]).filter(({ length }) => length > 1);
  }

  /** How often the relay said that a token had been spent already. */
  get spentTwice(): number {
    return this.#refusals.filter((code) => code === 'postage-spent').length;
  }
}
