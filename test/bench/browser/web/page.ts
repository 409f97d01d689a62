/** Gives a room of a locked vault a long past, and its owner acquaintances, as if they had been there for years. */
import { create } from '@bufbuild/protobuf';
import { StoredItemSchema, type StoredItem } from '#core/content/gen/thicket/vault/v1/vault_pb.ts';
import { historyChanges } from '#core/session/history.ts';
import { indexedDbVaultHome } from '#core/vault/indexeddb.ts';
import { fromHex, randomBytes, sodiumReady } from '#shared/sodium.ts';

const WORDS = 'the boiler stairs meeting rent letter flyer thursday kitchen neighbours repair lift heating window door council landlord court friday tea'.split(' ');
const A_BATCH = 2_000;
/** Behind what the log has given out so far. */
const FIRST_PLACE = 100_000;

interface Planted {
  readonly passphrase: string;
  readonly room: string;
  readonly writer: string;
  readonly count: number;
  /** Cards of people, by member. */
  readonly cards: readonly (readonly [member: string, card: readonly number[]])[];
}

async function plant({ passphrase, room, writer, count, cards }: Planted): Promise<void> {
  await sodiumReady();
  const vault = await indexedDbVaultHome().open(passphrase);
  const sender = fromHex(writer) as Uint8Array;
  const began = Date.now() - count * 60_000;
  for (let first = 0; first < count; first += A_BATCH) {
    const items = Array.from({ length: Math.min(A_BATCH, count - first) }, (_, n) => message(sender, first + n, began));
    await vault.write(historyChanges(room, items));
  }
  await vault.write(cards.map(([scope, card]) => ({ put: { collection: 'people', scope, order: 0 }, value: Uint8Array.from(card) })));
  await vault.close();
}

const message = (sender: Uint8Array, n: number, began: number): StoredItem => create(StoredItemSchema, {
  place: BigInt(FIRST_PLACE + n),
  item: { case: 'message', value: { id: randomBytes(16), sender, sentAtMs: BigInt(began + n * 60_000), text: `Message ${n}: ${textOf(n)}` } },
});
const textOf = (n: number): string => Array.from({ length: 4 + (n * 7) % 23 }, (_, at) => WORDS[(n * 31 + at * at * 7) % WORDS.length]).join(' ');

Object.assign(globalThis, { plant });
