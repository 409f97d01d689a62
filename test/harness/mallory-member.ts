/**
 * Mallory as a member: her device is the real engine, so she is in the rooms like anybody else and has their keys. What
 * she makes with them is up to the test, and she posts it with the room's true post key, so the relay takes it.
 */
import { createMls } from '#core/mls/mls.ts';
import type { Mls, OwnKeyPackage, Room } from '#core/mls/port.ts';
import { stateOf } from '#core/mls/room-state.ts';
import type { Relay } from '#core/relay/port.ts';
import type { RoomId } from '#core/session/api.ts';
import { ed25519KeyPair, ed25519Sign, fromHex, hex, randomBytes, sha256 } from '#shared/sodium.ts';
import { Kind } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import type { HubId, MailboxId, PostVerifyKey, Signature, Slot } from '#shared/ids.ts';
import { recordCost } from '#shared/postage.ts';
import { commitMessage, nextKeyMessage, postMessage } from '#shared/signing.ts';
import type { Purse } from './purse.ts';

/** The MLS of one device, whose rooms can be taken out of it. */
export interface WatchedMls extends Mls {
  /** The room in this mailbox as the device wrote it down last. */
  roomIn(mailbox: RoomId): Room;
  /** Every key package by which others may add the device, newest last. */
  readonly made: readonly OwnKeyPackage[];
}

export function watchedMls(): WatchedMls {
  const mls = createMls();
  const rooms = new Map<string, Room>();
  const made: OwnKeyPackage[] = [];
  return {
    ...mls,
    made,
    newKeyPackage: async (...wanted) => {
      const own = await mls.newKeyPackage(...wanted);
      // A device that locks overwrites its own.
      made.push({ keyPackage: own.keyPackage.slice(), secret: own.secret.slice(), tag: own.tag.slice() });
      return own;
    },
    create: async (suite, mailbox, own, settings) => {
      // With this one it begins a room itself, and nobody else ever has it.
      const index = made.findIndex(({ tag }) => hex(tag) === hex(own.tag));
      if (index >= 0) made.splice(index, 1);
      return mls.create(suite, mailbox, own, settings);
    },
    encode: (room) => {
      rooms.set(hex(stateOf(room).groupContext.groupId), room);
      return mls.encode(room);
    },
    roomIn: (mailbox) => {
      const room = rooms.get(mailbox);
      if (room === undefined) throw new Error(`this device was never in ${mailbox}`);
      return room;
    },
  };
}

/** Posts what it is given under the keys of a room, as any member may. */
export class Forger {
  readonly #relay: Relay;
  readonly #mls: WatchedMls;
  readonly #purse: Purse;

  constructor(relay: Relay, mls: WatchedMls, purse: Purse) {
    this.#relay = relay;
    this.#mls = mls;
    this.#purse = purse;
  }

  /** @returns where the relay put it @throws RelayRefusal */
  async post(mailbox: RoomId, body: Uint8Array, room: Room = this.#mls.roomIn(mailbox)): Promise<number> {
    const key = await this.#mls.postKey(room);
    const facts = { ...(await this.#place(mailbox, room)), kind: Kind.POST, bodyHash: sha256(body) };
    const place = await this.#relay.post({ postage: await this.#purse.take(recordCost(body.length)), ...facts, kind: 'post', body, signature: key.sign(postMessage(facts)) });
    return place.seq;
  }

  /** The next slot belongs to a key that only she has. @returns where the relay put it @throws RelayRefusal */
  async commit(mailbox: RoomId, body: Uint8Array, room: Room = this.#mls.roomIn(mailbox)): Promise<number> {
    const key = await this.#mls.postKey(room);
    const next = ed25519KeyPair(randomBytes(32));
    const nextVerifyKey = next.verifyKey as PostVerifyKey;
    const facts = { ...(await this.#place(mailbox, room)), kind: Kind.COMMIT, bodyHash: sha256(body) };
    const place = await this.#relay.commit({
      postage: await this.#purse.take(recordCost(body.length)), mailbox: facts.mailbox, slot: facts.slot, body, nextVerifyKey,
      signature: key.sign(commitMessage(facts, nextVerifyKey)),
      nextProof: ed25519Sign(next.signKey, nextKeyMessage(facts, nextVerifyKey)) as Signature,
    });
    return place.seq;
  }

  async #place(mailbox: RoomId, room: Room): Promise<{ hub: HubId; mailbox: MailboxId; slot: Slot }> {
    const { hub } = await this.#relay.hello();
    return { hub: hub as HubId, mailbox: fromHex(mailbox) as MailboxId, slot: room.epoch as Slot };
  }
}
