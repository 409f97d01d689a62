/** The same with Signal's sender keys: libsignal's group cipher, native, with its store in memory. */
import { randomUUID } from 'node:crypto';
import type { Conversation } from './thicket.ts';

/** The part of @signalapp/libsignal-client that is used; the package is there only while the bench runs. */
interface Libsignal {
  readonly ProtocolAddress: { new: (name: string, device: number) => Address };
  readonly SenderKeyStore: new () => object;
  readonly SenderKeyDistributionMessage: { create(sender: Address, id: string, store: object): Promise<Distribution>; deserialize(bytes: Uint8Array): Distribution };
  processSenderKeyDistributionMessage(sender: Address, message: Distribution, store: object): Promise<void>;
  groupEncrypt(sender: Address, id: string, store: object, text: Uint8Array): Promise<{ serialize(): Uint8Array }>;
  groupDecrypt(sender: Address, store: object, message: Uint8Array): Promise<Uint8Array>;
}
interface Address { readonly address: unique symbol }
interface Distribution { serialize(): Uint8Array }

const PACKAGE = new URL('../peers/node_modules/@signalapp/libsignal-client/dist/index.js', import.meta.url).href;

/** @param count messages of one round */
export async function libsignalConversation(text: Uint8Array, count: number): Promise<Conversation> {
  const signal = (await import(PACKAGE)) as Libsignal;
  class Store extends signal.SenderKeyStore {
    readonly records = new Map<string, object>();
    async saveSenderKey(_sender: Address, id: string, record: object): Promise<void> {
      this.records.set(id, record);
    }
    async getSenderKey(_sender: Address, id: string): Promise<object | null> {
      return this.records.get(id) ?? null;
    }
  }
  const alice = signal.ProtocolAddress.new(randomUUID(), 1);
  const id = randomUUID();
  const [hers, his] = [new Store(), new Store()];
  const distribution = await signal.SenderKeyDistributionMessage.create(alice, id, hers);
  await signal.processSenderKeyDistributionMessage(alice, signal.SenderKeyDistributionMessage.deserialize(distribution.serialize()), his);
  let bodies: Uint8Array[] = [];
  const encrypt = async (): Promise<void> => {
    for (let i = 0; i < count; i += 1) bodies.push((await signal.groupEncrypt(alice, id, hers, text)).serialize());
  };
  const open = async (): Promise<void> => {
    for (const body of bodies) {
      if ((await signal.groupDecrypt(alice, his, body)).length !== text.length) throw new Error('not opened');
    }
    bodies = [];
  };
  return {
    encrypt: { operations: count, prepare: open, run: encrypt },
    decrypt: { operations: count, prepare: async () => (await open(), await encrypt()), run: open },
  };
}
