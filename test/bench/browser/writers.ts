/**
 * Members of a crowd who write: their messages are sealed, signed and paid for beforehand, so that sending them takes next
 * to nothing of the machine that the reader is measured on. What a device does to send is measured elsewhere.
 */
import { create, toBinary } from '@bufbuild/protobuf';
import { RoomContentSchema } from '#core/content/gen/thicket/content/v1/content_pb.ts';
import { Kind } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import type { Mls, Room } from '#core/mls/port.ts';
import type { HubId, MailboxId, Slot } from '#shared/ids.ts';
import { recordCost } from '#shared/postage.ts';
import { postMessage } from '#shared/signing.ts';
import { randomBytes, sha256 } from '#shared/sodium.ts';
import { Poster } from '../../harness/poster.ts';
import type { Purse } from '../../harness/purse.ts';
import { requestOf } from '../appends/posts.ts';

interface Ready {
  readonly hub: HubId;
  readonly mailbox: MailboxId;
  readonly purse: Purse;
  readonly origin: string;
}

/** Requests in the order in which they are to be posted, and whose they are. */
export type Letters = readonly { readonly writer: number; readonly request: Buffer }[];

/** One message of each writer, round and round; the rooms are used up. @param wordsOf what the nth message says */
export class Writers {
  readonly #mls: Mls;
  readonly #rooms: Room[];
  readonly #ready: Ready;
  #count = 0;

  constructor(mls: Mls, rooms: readonly Room[], ready: Ready) {
    this.#mls = mls;
    this.#rooms = [...rooms];
    this.#ready = ready;
  }

  async write(count: number, wordsOf: (n: number) => string): Promise<Letters> {
    const letters: { writer: number; request: Buffer }[] = [];
    for (let n = 0; n < count; n += 1) letters.push(await this.#letter(wordsOf(n)));
    return letters;
  }

  async #letter(text: string): Promise<{ writer: number; request: Buffer }> {
    const { hub, mailbox, purse, origin } = this.#ready;
    const writer = this.#count % this.#rooms.length;
    const nth = 1 + Math.floor(this.#count / this.#rooms.length);
    this.#count += 1;
    const room = this.#rooms[writer] as Room;
    // It says nothing of the log: its sender has read none of it.
    const content = toBinary(RoomContentSchema, create(RoomContentSchema, { sentAtMs: BigInt(Date.now()), id: randomBytes(16), standing: { nth }, body: { case: 'text', value: { text } } }));
    const { body, next } = await this.#mls.encrypt(room, content);
    this.#rooms[writer] = next;
    const slot = room.epoch as Slot;
    const signature = (await this.#mls.postKey(room)).sign(postMessage({ hub, mailbox, slot, kind: Kind.POST, bodyHash: sha256(body) }));
    const postage = await purse.take(recordCost(body.length));
    return { writer, request: Poster.request(origin, '/v1/records', requestOf({ mailbox, kind: Kind.POST, slot, body, signature, postage })) };
  }

  /** Each writer posts its own one after the other. @returns how many a second the relay took */
  async post(letters: Letters, aSecond: number): Promise<number> {
    const posters = await Promise.all(this.#rooms.map(() => Poster.to(this.#ready.origin)));
    const began = performance.now();
    await Promise.all(posters.map(async (poster, writer) => {
      for (const [n, letter] of letters.entries()) {
        if (letter.writer !== writer) continue;
        const wait = began + (n / aSecond) * 1000 - performance.now();
        if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
        const status = await poster.post(letter.request);
        if (status !== 200) throw new Error(`the relay answered ${status}`);
      }
    }));
    const rate = letters.length / ((performance.now() - began) / 1000);
    for (const poster of posters) poster.close();
    return rate;
  }
}
