/** Pictures and voice messages in a room: what is said with them, what stays on a device, and what goes on after a restart. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRelay } from '#core/relay/http.ts';
import { loneFetch } from '#core/relay/lone-fetch.ts';
import { type Relay, RelayUnreachable } from '#core/relay/port.ts';
import type { MessageItem, MessagePlace, RoomId } from '#core/session/api.ts';
import { type Hub, hubOf, roomOf } from '../harness/hub-story.ts';
import { type TestPerson, until } from '../harness/people.ts';

const line = { isCut: false, chunksRead: 0 };
const relayAt = (origin: string): Relay => {
  const relay = createRelay(origin, { anonymousFetch: loneFetch });
  const orCut = async <T>(ask: () => Promise<T>): Promise<T> => {
    if (line.isCut) throw new RelayUnreachable();
    return ask();
  };
  return {
    ...relay,
    openBlob: (request) => orCut(() => relay.openBlob(request)),
    readChunk: (blob, index) => orCut(() => (line.chunksRead += 1, relay.readChunk(blob, index))),
  };
};

let hub: Hub;
let alice: TestPerson;
let bob: TestPerson;
let room: RoomId;
beforeAll(async () => {
  hub = await hubOf(['alice', 'bob'], { alice: { relayAt }, bob: { relayAt } });
  [alice, bob] = hub.people as [TestPerson, TestPerson];
  room = await roomOf(hub.people);
});
afterAll(() => hub.end());

const image = Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, ...randomBytes(900)]);
const bytesOf = async (blob: Blob): Promise<string> => Buffer.from(await blob.arrayBuffer()).toString('hex');
const fromBob = async (): Promise<MessageItem[]> => (await bob.timeline(room)).filter((item): item is MessageItem => item.kind === 'message' && item.file !== undefined);

describe('a picture', () => {
  const picture = new Blob([randomBytes(70_000)]);
  it('comes with its caption, a small picture of itself and its album', async () => {
    const id = await alice.session.sendFile(room, picture, {
      name: 'stairs.webp', type: 'image/webp', caption: ' The third step ', album: 'ab'.repeat(16), keep: true,
      preview: { image, width: 2560, height: 1920, durationMs: 0 },
    });
    await alice.session.delivered(room, id);
    const [item] = await fromBob();
    expect(item).toMatchObject({ id, text: 'The third step', file: { name: 'stairs.webp', type: 'image/webp', size: 70_000, album: 'ab'.repeat(16), preview: { image, width: 2560, height: 1920, durationMs: 0 } } });
    const days = ((item?.file?.until ?? 0) - (item?.at ?? 0)) / 86_400_000;
    expect(days > 14 && days <= 15, `${days} days`).toBe(true);
  });

  it('once fetched stays on the device, through a restart and without the hub; a document does not', async () => {
    const [item] = await fromBob();
    const place = { id: item?.id as string, seq: item?.seq as number, sender: item?.sender.id as string };
    expect(await bob.session.isFileHere(room, place)).toBe(false);
    expect(await bytesOf(await bob.session.fetchFile(room, place))).toBe(await bytesOf(picture));
    const document = await alice.session.sendFile(room, new Blob([randomBytes(500)]), { name: 'minutes.odt', type: '' });
    await alice.session.delivered(room, document);
    await bob.session.catchUp();
    await bob.session.fetchFile(room, document);
    await bob.restart();
    const before = line.chunksRead;
    line.isCut = true;
    expect(await bytesOf(await bob.session.fetchFile(room, place))).toBe(await bytesOf(picture));
    line.isCut = false;
    expect(line.chunksRead).toBe(before);
    expect([await bob.session.isFileHere(room, place), await bob.session.isFileHere(room, document)]).toEqual([true, false]);
    expect(await bob.session.isFileHere(room, { ...place, sender: '00'.repeat(32) }), 'another’s message of the same id').toBe(false);
  });

  it('that alice sent herself is on her device from the start', async () => {
    const before = line.chunksRead;
    expect(await bytesOf(await alice.session.fetchFile(room, (await fromBob())[0]?.id as string))).toBe(await bytesOf(picture));
    expect(line.chunksRead).toBe(before);
  });
});

describe('a voice message', () => {
  it('that was given up by a closed device leaves when it is opened again, once, to its thread, with all that was said of it', async () => {
    const root = (await fromBob())[0]?.place as MessagePlace;
    const thread = async () => (await bob.session.timeline(room, { thread: root })).items.filter((item): item is MessageItem => item.kind === 'message');
    line.isCut = true;
    const sound = { durationMs: 4_200, waveform: [0, 128, 255] };
    const voice = new Blob([randomBytes(20_000)]);
    void alice.session.sendFile(room, voice, { name: 'voice.webm', type: 'audio/webm', sound, thread: root, replyTo: root, keep: true, transfer: 'voice' }).catch(() => undefined);
    await until(async () => (await alice.session.filesUnderWay(room)).length === 1, 'the voice message to be on its way');
    expect((await alice.session.filesUnderWay(room))[0]).toMatchObject({ transfer: 'voice', name: 'voice.webm', sound, thread: root, lost: false });
    await alice.restart();
    await until(async () => (await alice.session.filesUnderWay(room))[0]?.lost === false, 'it to go on');
    line.isCut = false;
    await until(async () => (await alice.session.filesUnderWay(room)).length === 0, 'it to leave', 40_000);
    await until(async () => (await bob.session.catchUp(), await thread()).length > 0, 'bob to have it');
    const [heard, ...others] = await thread();
    expect(others).toEqual([]);
    expect(heard).toMatchObject({ file: { name: 'voice.webm', sound }, replyTo: { place: root } });
    expect((await fromBob()).some(({ file }) => file?.sound !== undefined), 'in the room itself').toBe(false);
    expect(await bytesOf(await bob.session.fetchFile(room, heard?.place as MessagePlace))).toBe(await bytesOf(voice));
  });

  it('can be given up before it has left', async () => {
    line.isCut = true;
    const sending = alice.session.sendFile(room, new Blob(['x']), { name: 'never.webm', type: 'audio/webm', keep: true, transfer: 'never' });
    const over = expect(sending).rejects.toMatchObject({ code: 'cancelled' });
    await until(async () => (await alice.session.filesUnderWay(room)).length === 1, 'it to be on its way');
    await alice.session.cancelTransfer('never');
    await over;
    line.isCut = false;
    expect(await alice.session.filesUnderWay(room)).toEqual([]);
  });
});

it('the gallery finds the files of a room behind many words, a stretch at a time', async () => {
  for (let i = 0; i < 3; i += 1) await alice.session.send(room, `words ${i}`);
  const { items, next } = await bob.session.filesOf(room);
  expect(items.map(({ file }) => file?.name)).toEqual(['minutes.odt', 'stairs.webp']);
  expect(next).toBeUndefined();
  const older = await bob.session.filesOf(room, { before: items[0]?.seq as number });
  expect(older.items.map(({ file }) => file?.name)).toEqual(['stairs.webp']);
});

it('a picture that is deleted for everybody leaves no bytes on a device that had opened it', async () => {
  const picture = (await fromBob()).find(({ file }) => file?.name === 'stairs.webp');
  // The same bytes under another message: so that they can still be asked for afterwards.
  await alice.session.forward(room, picture?.place as MessagePlace, [room]);
  await until(async () => (await fromBob()).filter(({ file }) => file?.name === 'stairs.webp').length === 2, 'the forwarded one');
  await alice.session.catchUp();
  await alice.session.deleteMessage(room, picture?.place as MessagePlace);
  await until(async () => (await fromBob()).filter(({ file }) => file?.name === 'stairs.webp').length === 1, 'the deletion');
  const left = (await fromBob()).find(({ file }) => file?.name === 'stairs.webp');
  const before = line.chunksRead;
  await bob.session.fetchFile(room, left?.place as MessagePlace);
  expect(line.chunksRead, 'it had to be fetched again').toBeGreaterThan(before);
});

it('a file whose message its sender deletes is deleted at the relay too', async () => {
  const id = await alice.session.sendFile(room, new Blob([randomBytes(500)]), { name: 'by mistake.odt', type: '' });
  await alice.session.delivered(room, id);
  const place = (await fromBob()).find(({ file }) => file?.name === 'by mistake.odt')?.place as MessagePlace;
  await bob.session.fetchFile(room, place);
  await alice.session.catchUp();
  await alice.session.deleteMessage(room, place);
  // She takes it back once her own deletion has come back to her; he is not told, and asks as before.
  const refused = () => bob.session.fetchFile(room, place).then(() => undefined, (thrown: unknown) => (thrown as { code: string }).code);
  await until(async () => (await alice.session.catchUp(), (await refused()) === 'file-gone'), 'the relay to have it no more', 30_000);
}, 60_000);
