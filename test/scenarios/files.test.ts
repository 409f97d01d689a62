/** Files in a room: sent, saved, gone on with after a cut, withdrawn; and what a member or a relay of bad will can do to one. */
import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RelayRefusal } from '#shared/errors.ts';
import { MiB } from '#shared/limits.ts';
import { createRelay } from '#core/relay/http.ts';
import { loneFetch } from '#core/relay/lone-fetch.ts';
import { type Relay, RelayUnreachable } from '#core/relay/port.ts';
import type { FileSink, FileSource, RoomId } from '#core/session/api.ts';
import { type Hub, hubOf, roomOf } from '../harness/hub-story.ts';
import type { TestPerson } from '../harness/people.ts';

/** What stands between alice or bob and the relay, where blobs are concerned. */
interface Between {
  relayAt: (origin: string) => Relay;
  write: (index: number, send: () => Promise<{ received: number }>) => Promise<{ received: number }>;
  lastWritten: Parameters<Relay['writeChunk']>[0] | undefined;
  /** Ids of blobs that were written to. */
  readonly blobs: Set<string>;
  read: (index: number, fetch: () => Promise<{ chunk: Uint8Array; size: number }>) => Promise<{ chunk: Uint8Array; size: number }>;
}
function between(): Between {
  const self: Between = {
    write: (_index, send) => send(),
    lastWritten: undefined,
    blobs: new Set(),
    read: (_index, fetch) => fetch(),
    relayAt: (origin) => {
      const relay = createRelay(origin, { anonymousFetch: loneFetch });
      return {
        ...relay,
        writeChunk: (request) => {
          self.lastWritten = request;
          self.blobs.add(Buffer.from(request.blob).toString('hex'));
          return self.write(request.index, () => relay.writeChunk(request));
        },
        readChunk: (blob, index) => self.read(index, () => relay.readChunk(blob, index)),
      };
    },
  };
  return self;
}

class Memory implements FileSink {
  bytes = new Uint8Array(0);
  size = async () => this.bytes.length;
  read = async (from: number, length: number) => this.bytes.slice(from, from + length);
  write = async (from: number, bytes: Uint8Array) => {
    this.bytes = new Uint8Array(Buffer.concat([this.bytes.subarray(0, from), bytes]));
  };
}

const fromAlice = between();
const toBob = between();
let hub: Hub;
let alice: TestPerson;
let bob: TestPerson;
let room: RoomId;
beforeAll(async () => {
  hub = await hubOf(['alice', 'bob'], { alice: { relayAt: fromAlice.relayAt }, bob: { relayAt: toBob.relayAt } });
  [alice, bob] = hub.people as [TestPerson, TestPerson];
  room = await roomOf(hub.people);
});
afterAll(() => hub.end());

const fileOf = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes));
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const sent = async (bytes: Uint8Array, name = 'minutes.odt', source: FileSource = new Blob([bytes as Uint8Array<ArrayBuffer>])): Promise<string> => {
  const id = await alice.session.sendFile(room, source, { name, type: 'application/vnd.oasis.opendocument.text' });
  await alice.session.delivered(room, id);
  await bob.session.catchUp();
  return id;
};
const blobsAtTheRelay = async () => (await hub.relay.database?.query<{ size: string; received: number }>('SELECT size, received FROM blobs')) ?? [];

describe('a file', () => {
  it('goes from alice to bob, to the byte, whatever its size', async () => {
    for (const size of [0, 1, 16_336, 16_337, MiB - 48, MiB - 47, 2 * MiB + 5]) {
      const bytes = fileOf(size);
      const id = await sent(bytes, `${size}.bin`);
      const item = (await bob.timeline(room)).at(-1);
      expect(item).toMatchObject({ kind: 'message', id, text: '', file: { name: `${size}.bin`, size, type: 'application/vnd.oasis.opendocument.text' } });
      const sink = new Memory();
      await bob.session.saveFile(room, id, sink);
      expect([size, sha256(sink.bytes)]).toEqual([size, sha256(bytes)]);
      expect(sha256(new Uint8Array(await (await bob.session.fetchFile(room, id)).arrayBuffer()))).toBe(sha256(bytes));
    }
    expect((await bob.session.rooms()).find(({ id }) => id === room)?.last?.text).toBe(`${2 * MiB + 5}.bin`);
  });

  it('goes beside another of the same name and size, sent at the same time, and neither becomes the other', async () => {
    const both = [fileOf(2 * MiB), fileOf(2 * MiB)];
    const [first, second] = both as [Uint8Array, Uint8Array];
    const isUnderWay = new Promise<void>((resolve) => {
      fromAlice.write = (_index, send) => {
        resolve();
        return send();
      };
    });
    fromAlice.blobs.clear();
    const firstSent = sent(first, 'scan.pdf');
    await isUnderWay;
    fromAlice.write = (_index, send) => send();
    const ids = await Promise.all([firstSent, sent(second, 'scan.pdf')]);
    expect(fromAlice.blobs.size, 'neither was given up for the other and begun anew').toBe(2);
    for (const [index, bytes] of both.entries()) {
      const sink = new Memory();
      await bob.session.saveFile(room, ids[index] as string, sink);
      expect(sha256(sink.bytes)).toBe(sha256(bytes));
    }
  });

  it('tells how far it is, on both ends', async () => {
    const steps: number[] = [];
    const stop = alice.session.subscribe((event) => event.changed === 'transfer' && event.transfer === 'mine' && steps.push(event.done));
    const id = await alice.session.sendFile(room, new Blob([fileOf(3 * MiB) as Uint8Array<ArrayBuffer>]), { name: 'a', type: '', transfer: 'mine' });
    stop();
    expect(steps.at(0)).toBe(0);
    expect(steps.at(-1)).toBe(3 * MiB);
    expect([...steps].sort((a, b) => a - b)).toEqual(steps);
    await alice.session.delivered(room, id);
  });

  it('is not sent to a room one is not in, nor saved from a message that has none', async () => {
    await expect(alice.session.sendFile('00'.repeat(16), new Blob(['x']), { name: 'a', type: '' })).rejects.toMatchObject({ code: 'unknown-room' });
    const words = await alice.session.send(room, 'only words');
    await alice.session.delivered(room, words);
    await expect(alice.session.saveFile(room, words, new Memory())).rejects.toMatchObject({ code: 'unknown-file' });
    await expect(alice.session.sendFile(room, { size: 5 * 1024 * MiB, slice: () => new Blob([]) }, { name: 'a', type: '' })).rejects.toMatchObject({ code: 'file-too-large' });
  });

  it('is withdrawn by whoever sent it, and by nobody else', async () => {
    const id = await sent(fileOf(100));
    await expect(bob.session.withdrawFile(room, id)).rejects.toMatchObject({ code: 'unknown-file' });
    await bob.session.saveFile(room, id, new Memory());
    await alice.session.withdrawFile(room, id);
    await expect(bob.session.saveFile(room, id, new Memory())).rejects.toMatchObject({ code: 'file-gone' });
  });
});

describe('after a cut', () => {
  it('alice goes on sending where the relay is, also when she starts anew, and when a reply was lost', async () => {
    const bytes = fileOf(4 * MiB);
    const written: number[] = [];
    let lost = false;
    fromAlice.write = async (index, send) => {
      written.push(index);
      if (index === 1 && !lost) {
        lost = true;
        await send();
        throw new RelayUnreachable();
      }
      // The device crashes while the third chunk is on its way, and nobody knows whether it arrived.
      if (index === 2 && written.length < 5) {
        await send();
        return new Promise(() => undefined);
      }
      return send();
    };
    void alice.session.sendFile(room, new Blob([bytes as Uint8Array<ArrayBuffer>]), { name: 'cut.bin', type: '' }).catch(() => undefined);
    await expect.poll(() => written.at(-1), { timeout: 20_000 }).toBe(2);
    await expect.poll(async () => (await blobsAtTheRelay()).some(({ received, size }) => received === 3 && Number(size) > 4 * MiB), { timeout: 20_000 }).toBe(true);
    await alice.restart();
    fromAlice.write = async (index, send) => (written.push(index), send());
    const id = await sent(bytes, 'cut.bin');
    expect(written, 'no chunk is sent twice').toEqual([0, 1, 2, 3, 4]);
    const sink = new Memory();
    await bob.session.saveFile(room, id, sink);
    expect(sha256(sink.bytes)).toBe(sha256(bytes));
  });

  it('a file that was changed meanwhile is sent from its beginning, and what the relay had of the old one is gone', async () => {
    const [before, after] = [fileOf(3 * MiB), fileOf(3 * MiB)];
    const total = (await blobsAtTheRelay()).length;
    fromAlice.write = async (index, send) => (index < 2 ? send() : new Promise(() => undefined));
    void alice.session.sendFile(room, new Blob([before as Uint8Array<ArrayBuffer>]), { name: 'plan.bin', type: '' }).catch(() => undefined);
    await expect.poll(async () => (await blobsAtTheRelay()).some(({ size, received }) => Number(size) > 3 * MiB && received === 2), { timeout: 20_000 }).toBe(true);
    await alice.restart();
    fromAlice.write = (_index, send) => send();
    const id = await sent(after, 'plan.bin');
    const sink = new Memory();
    await bob.session.saveFile(room, id, sink);
    expect(sha256(sink.bytes)).toBe(sha256(after));
    expect((await blobsAtTheRelay()).length).toBe(total + 1);
  });

  it('nor is a chunk of the old one taken for one of the new when it arrives late', async () => {
    const [before, after] = [fileOf(2 * MiB), fileOf(2 * MiB)];
    fromAlice.lastWritten = undefined;
    fromAlice.write = () => new Promise(() => undefined);
    void alice.session.sendFile(room, new Blob([before as Uint8Array<ArrayBuffer>]), { name: 'late.bin', type: '' }).catch(() => undefined);
    await expect.poll(() => fromAlice.lastWritten, { timeout: 20_000 }).toBeDefined();
    const { lastWritten: late } = fromAlice as { lastWritten: unknown } as { lastWritten: Parameters<Relay['writeChunk']>[0] };
    await alice.restart();
    let isFirst = true;
    fromAlice.write = async (_index, send) => {
      if (isFirst) await createRelay(hub.relay.origin).writeChunk(late).catch(() => undefined);
      isFirst = false;
      return send();
    };
    const id = await sent(after, 'late.bin');
    const sink = new Memory();
    await bob.session.saveFile(room, id, sink);
    expect(sha256(sink.bytes)).toBe(sha256(after));
  });

  it('bob goes on saving with the chunk he does not have', async () => {
    const bytes = fileOf(4 * MiB);
    const id = await sent(bytes);
    const sink = new Memory();
    const asked: number[] = [];
    toBob.read = async (index, fetch) => {
      asked.push(index);
      return index === 3 && asked.length === 4 ? new Promise(() => undefined) : fetch();
    };
    void bob.session.saveFile(room, id, sink).catch(() => undefined);
    await expect.poll(() => asked.at(-1), { timeout: 20_000 }).toBe(3);
    // The disk kept a part of the last piece that was written.
    sink.bytes = sink.bytes.slice(0, sink.bytes.length - 12_345);
    await bob.restart();
    await bob.session.saveFile(room, id, sink);
    toBob.read = (_index, fetch) => fetch();
    expect(sha256(sink.bytes)).toBe(sha256(bytes));
    expect(asked).toEqual([0, 1, 2, 3, 2, 3, 4]);
  });

  it('what she gives up is gone from the relay too', async () => {
    const total = (await blobsAtTheRelay()).length;
    fromAlice.write = async (index, send) => {
      if (index === 1) await alice.session.cancelTransfer('mine');
      return send();
    };
    await expect(alice.session.sendFile(room, new Blob([fileOf(4 * MiB) as Uint8Array<ArrayBuffer>]), { name: 'b', type: '', transfer: 'mine' })).rejects.toMatchObject({ code: 'cancelled' });
    fromAlice.write = (_index, send) => send();
    expect((await blobsAtTheRelay()).length).toBe(total);
  });
});

describe('a relay of bad will', () => {
  it('cannot cut a file short, change its order, or hand out another', async () => {
    const bytes = fileOf(3 * MiB);
    const id = await sent(bytes);
    const other = await sent(fileOf(3 * MiB));
    const chunks: { chunk: Uint8Array; size: number }[] = [];
    toBob.read = async (_index, fetch) => {
      chunks.push(await fetch());
      return chunks.at(-1) as { chunk: Uint8Array; size: number };
    };
    await bob.session.saveFile(room, other, new Memory());
    const foreign = chunks.splice(0);
    await bob.session.saveFile(room, id, new Memory());
    const own = chunks.splice(0);
    const lies: Between['read'][] = [
      async (index) => own[index === 0 ? 1 : 0] as (typeof own)[0],
      async (index) => foreign[index] as (typeof own)[0],
      async (index) => ({ chunk: (own[index] as (typeof own)[0]).chunk.slice(0, -1), size: (own[index] as (typeof own)[0]).size }),
      async (index) => ({ chunk: (own[index] as (typeof own)[0]).chunk, size: 2 * MiB }),
      async (index) => ({ ...(own[index] as (typeof own)[0]), chunk: (own[index] as (typeof own)[0]).chunk.map((byte, at) => (at === 5_000 ? byte ^ 1 : byte)) }),
    ];
    for (const lie of lies) {
      toBob.read = lie;
      await expect(bob.session.saveFile(room, id, new Memory())).rejects.toMatchObject({ code: 'file-damaged' });
    }
    toBob.read = async (index, fetch) => (index === 3 ? Promise.reject(new RelayRefusal('unknown-blob')) : fetch());
    await expect(bob.session.saveFile(room, id, new Memory())).rejects.toMatchObject({ code: 'file-gone' });
    toBob.read = (_index, fetch) => fetch();
  });
});
