/** Pictures, voice and files, between a browser and a device at which one can look at every byte that came. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MessageItem, RoomId } from '#core/session/api.ts';
import { headerOf } from '../../client/web/features/media/header.ts';
import { withoutMetadata } from '../../client/web/features/media/metadata.ts';
import { BrowserPerson, PHONE, startBrowser, QUICK_WEB_DIRECTORY } from '../harness/browser.ts';
import { PASSPHRASE, TestPerson, until } from '../harness/people.ts';
import { asTaken, drawJpeg, TOLD } from '../harness/photos.ts';
import { startTestRelay } from '../harness/relay.ts';

const ROOM = 'Boiler room';

describe('pictures, voice and files', () => {
  let relay: Awaited<ReturnType<typeof startTestRelay>>, browser: Browser, alice: BrowserPerson, bob: TestPerson, room: RoomId, photo: Buffer;
  const files = async (): Promise<MessageItem[]> => (await bob.timeline(room)).filter((item): item is MessageItem => item.kind === 'message' && item.file !== undefined);
  const fetched = async (item: MessageItem | undefined): Promise<Buffer> => Buffer.from(await (await bob.session.fetchFile(room, item?.id ?? '')).arrayBuffer());
  const received = (count: number) => until(async () => (await files()).length >= count, `bob to have ${count} files`, 60_000);

  beforeAll(async () => {
    relay = await startTestRelay({ webDirectory: QUICK_WEB_DIRECTORY });
    browser = await startBrowser(['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']);
    alice = await BrowserPerson.arrive(browser, 'Alice', relay.origin);
    await alice.found(relay.foundingLink as string, 'Riverside Tenants');
    bob = await TestPerson.arrive('Bob', { live: true });
    const { phrase } = await bob.session.join(await alice.invite(), { name: 'Bob', passphrase: PASSPHRASE });
    await alice.admit('Bob', phrase.join(' '));
    await until(async () => (await bob.session.overview()).stage === 'open', 'bob to be in', 60_000);
    await alice.createRoom('Laundry');
    await alice.createRoom(ROOM);
    await alice.add('Bob');
    await until(async () => (await bob.session.rooms()).length === 1, 'bob to have the room', 60_000);
    room = (await bob.session.rooms())[0]?.id as RoomId;
    photo = asTaken(await drawJpeg(alice.page, 1600, 1200));
  });
  afterAll(async () => {
    await browser?.close();
    await bob?.session.close();
    await relay?.stop();
  });

  it('a photo leaves without where, when and by what it was taken, upright, with its caption', async () => {
    for (const told of TOLD) expect(photo.includes(told), told).toBe(true);
    await alice.page.getByTestId('picture-input').setInputFiles({ name: 'IMG_20261102_210411.jpg', mimeType: 'image/jpeg', buffer: photo });
    await alice.page.locator('[data-testid="staged"][data-ready="true"]').waitFor();
    await alice.page.getByRole('textbox', { name: 'Caption' }).fill('The third step is loose');
    await alice.shot('media-01-staged');
    await alice.button('Send', alice.page.getByTestId('staging')).click();
    await received(1);
    const [item] = await files();
    expect(item).toMatchObject({ text: 'The third step is loose', file: { name: 'picture.webp', type: 'image/webp', preview: { width: 1200, height: 1600, durationMs: 0 } } });
    const bytes = await fetched(item);
    expect(headerOf(bytes)).toEqual({ type: 'image/webp', width: 1200, height: 1600 });
    const preview = Buffer.from(item?.file?.preview?.image ?? []);
    expect(preview.length).toBeLessThanOrEqual(10 * 1024);
    for (const part of [bytes, preview]) {
      for (const told of [...TOLD, 'EXIF', 'Exif', 'XMP ', 'ICCP', 'IMG_2026']) expect(part.includes(told), told).toBe(false);
      expect(Buffer.from(withoutMetadata(part) ?? [])).toEqual(part);
    }
    expect(JSON.stringify(item)).not.toContain('IMG_2026');
    await alice.page.locator('[data-testid="message"][data-state="sent"] [data-testid="still"][data-drawn="true"]').waitFor();
    await alice.shot('media-02-picture');
  });

  it('the original goes as a document, and only after a word of warning', async () => {
    await alice.page.getByTestId('file-input').setInputFiles({ name: 'stairs.jpg', mimeType: 'image/jpeg', buffer: photo });
    await alice.page.locator('[data-testid="staged"][data-ready="true"]').waitFor();
    await alice.page.getByText('Send the original').click();
    await alice.page.getByText('often where and when it was taken', { exact: false }).waitFor();
    await alice.shot('media-03-original');
    await alice.button('Send', alice.page.getByTestId('staging')).click();
    await received(2);
    const item = (await files()).at(-1);
    expect(item?.file).toMatchObject({ name: 'stairs.jpg', size: photo.length });
    expect(item?.file?.preview).toBeUndefined();
    expect(await fetched(item)).toEqual(photo);
  });

  it('several are pasted and dropped, and stand together', async () => {
    const base64 = photo.toString('base64');
    await alice.page.evaluate(([text, how]) => {
      const bytes = Uint8Array.from(atob(text as string), (letter) => letter.charCodeAt(0));
      const give = (kind: string): void => {
        const data = new DataTransfer();
        for (const name of ['one.jpg', 'two.jpg']) data.items.add(new File([bytes], name, { type: 'image/jpeg' }));
        const target = document.querySelector('textarea') as HTMLElement;
        target.dispatchEvent(kind === 'paste' ? new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }) : new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
      };
      for (const kind of (how as string).split(' ')) give(kind);
    }, [base64, 'paste drop']);
    const staged = alice.page.getByTestId('staged');
    await until(async () => (await alice.page.locator('[data-testid="staged"][data-ready="true"]').count()) === 4, 'four to be ready');
    await alice.button(/^Take out/u, staged.last()).click();
    await alice.shot('media-04-several');
    await alice.button('Send 3 files').click();
    await received(5);
    const together = (await files()).slice(2);
    expect(new Set(together.map(({ file }) => file?.album)).size).toBe(1);
    expect(together[0]?.file?.album).toMatch(/^[0-9a-f]{32}$/u);
    await until(async () => (await alice.page.getByTestId('album').getByTestId('picture').count()) === 3, 'the three to stand together');
    await alice.shot('media-05-album');
  });

  it('a picture is opened large, the others are a key away, and it can be saved', async () => {
    await alice.page.getByTestId('picture').first().click();
    const stage = alice.page.getByTestId('viewer-stage');
    await alice.page.locator('[data-testid="viewer-stage"][data-whole="true"]').waitFor();
    await alice.button('Later picture').waitFor();
    await alice.shot('media-06-viewer');
    await alice.page.keyboard.press('ArrowRight');
    await alice.button('Earlier picture').waitFor();
    await alice.button('Larger').click();
    const saving = alice.page.waitForEvent('download');
    await alice.button('Save', alice.page.getByRole('dialog')).click();
    expect((await saving).suggestedFilename()).toBe('picture.webp');
    await alice.page.keyboard.press('Escape');
    await stage.waitFor({ state: 'detached' });
  });

  it('a voice message is recorded, heard, and sent with its shape', async () => {
    await alice.button('Voice message').click();
    await alice.page.locator('[data-testid="recorder"][data-state="recording"]').waitFor();
    await alice.page.getByText('Recording 0:02').waitFor();
    await alice.shot('media-07-recording');
    await alice.button('Stop').click();
    await alice.page.locator('[data-testid="recorder"][data-state="review"]').waitFor();
    await alice.shot('media-08-review');
    await alice.button('Send', alice.page.getByTestId('recorder')).click();
    await received(6);
    const item = (await files()).at(-1);
    expect(item?.file).toMatchObject({ name: 'voice.webm', type: 'audio/webm' });
    const { durationMs, waveform } = item?.file?.sound ?? { durationMs: 0, waveform: [] };
    expect(durationMs).toBeGreaterThan(1_500);
    expect([waveform.length, Math.max(...waveform)]).toEqual([64, 255]);
    const voice = alice.page.getByTestId('voice');
    await alice.button('Play', voice).click();
    await alice.button('Pause', voice).waitFor();
    await alice.button(/^Speed/u, voice).click();
    await alice.button('Pause', voice).click();
    const place = voice.getByRole('slider', { name: 'Place in the voice message' });
    const before = Number(await place.inputValue());
    await place.press('ArrowRight');
    expect(Number(await place.inputValue())).toBeGreaterThan(before);
    await alice.shot('media-09-voice');
  });

  it('one that was begun is kept while one looks into another room, and listens no longer', async () => {
    await alice.button('Voice message').click();
    await alice.page.getByText('Recording 0:01').waitFor();
    await alice.openRoom('Laundry');
    await alice.page.getByTestId('recorder').waitFor({ state: 'detached' });
    await alice.openRoom(ROOM);
    await alice.page.locator('[data-testid="recorder"][data-state="review"]').waitFor();
    await alice.page.keyboard.press('Escape');
    await alice.page.getByTestId('recorder').waitFor({ state: 'detached' });
  });

  it('a file goes to the room or the thread over which it is let go, and answers what one answers', async () => {
    const root = (await files())[0] as MessageItem;
    await bob.session.send(room, { text: 'Which step?', thread: root.place });
    await alice.page.getByTestId('thread-line').click();
    const thread = alice.page.getByTestId('thread');
    const asked = thread.getByTestId('message').filter({ hasText: 'Which step?' });
    await asked.focus();
    await alice.page.keyboard.press('r');
    await thread.getByTestId('reply-bar').waitFor();
    const main = alice.page.locator('.room-main');
    for (const [part, name] of [[main, 'plan.txt'], [thread, 'step.txt']] as const) {
      const given = await alice.page.evaluateHandle((called) => {
        const data = new DataTransfer();
        data.items.add(new File(['the third'], called as string));
        return data;
      }, name);
      await part.getByRole('region').first().dispatchEvent('dragenter', { dataTransfer: given });
      await part.locator('.drop-here').waitFor();
      expect(await alice.page.locator('.drop-here').count()).toBe(1);
      await part.getByRole('region').first().dispatchEvent('drop', { dataTransfer: given });
      await part.locator('[data-testid="staged"][data-ready="true"]').waitFor();
    }
    await alice.shot('media-10-two-composers');
    for (const part of [main, thread]) await alice.button('Send', part.getByTestId('staging')).click();
    await received(7);
    expect((await files()).at(-1)?.file?.name).toBe('plan.txt');
    expect((await files()).at(-1)?.replyTo).toBeUndefined();
    const answers = async () => (await bob.session.timeline(room, root.place && { thread: root.place })).items.filter((item): item is MessageItem => item.kind === 'message' && item.file !== undefined);
    await until(async () => (await bob.session.catchUp(), await answers()).length === 1, 'the file to come to the thread', 60_000);
    expect((await answers())[0]).toMatchObject({ file: { name: 'step.txt' }, replyTo: { text: 'Which step?' } });
    expect(await thread.getByTestId('reply-bar').count()).toBe(0);
    await alice.button('Close the thread').click();
  });

  it('without a microphone there is a plain sentence, and nothing was asked before', async () => {
    await alice.page.evaluate(() => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
    });
    await alice.button('Voice message').click();
    await alice.page.getByText('Thicket may not use the microphone.', { exact: false }).waitFor();
    await alice.page.keyboard.press('Escape');
    await alice.page.getByTestId('recorder').waitFor({ state: 'detached' });
  });

  it('the gallery has them by kind', async () => {
    const pane = alice.page.getByRole('complementary');
    if (!(await pane.isVisible())) await alice.button('People in this room').click();
    await alice.button('Pictures and files').click();
    await until(async () => (await pane.getByTestId('picture').count()) === 4, 'four pictures');
    await alice.shot('media-10-gallery');
    await pane.getByText('Files', { exact: true }).click();
    await pane.getByText('stairs.jpg').waitFor();
    await pane.getByText('Voice', { exact: true }).click();
    await pane.getByTestId('voice').waitFor();
    await alice.shot('media-11-gallery-voice');
  });

  it('no page complained', async () => {
    await alice.page.setViewportSize(PHONE);
    await alice.shot('media-12-phone');
    expect(alice.complaints).toEqual([]);
  });
});
