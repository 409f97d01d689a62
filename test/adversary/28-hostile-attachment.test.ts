/**
 * Attack 28: mallory, a member, sends files made to run in whoever looks at them. Bob, in a real Chromium, opens, plays and
 * saves every one. None runs, none leads the page elsewhere, none asks his hub for anything.
 */
import { deflateSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OutgoingFile, RoomId } from '#core/session/api.ts';
import { BrowserPerson, startBrowser, WEB_DIRECTORY } from '../harness/browser.ts';
import { PASSPHRASE, TestPerson, until } from '../harness/people.ts';
import { drawJpeg } from '../harness/photos.ts';
import { startTestRelay } from '../harness/relay.ts';

const ATTEMPT = "fetch('/beacon');new Image().src='/beacon';top.location='/beacon';globalThis.ran=true";
const latin = (text: string): Buffer => Buffer.from(text, 'latin1');
const SVG = latin(`<svg xmlns="http://www.w3.org/2000/svg" onload="${ATTEMPT}"><script>${ATTEMPT}</script><image href="/beacon"/></svg>`);
const HTML = latin(`<!doctype html><script>${ATTEMPT}</script><img src="/beacon"><iframe src="/beacon"></iframe>`);
const PDF = latin(`%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.launchURL("/beacon"))>>>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF`);
const GIF_JS = latin(`GIF89a/*${'\0'.repeat(8)}*/=1;${ATTEMPT};`);
const TORN_MP4 = Buffer.concat([latin('\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41\0\0\x10\0moov'), HTML, Buffer.alloc(900, 0x41)]);

/** A PNG of one bit a pixel, all of it the same: little to send, much to decode. */
function png(width: number, height: number): Buffer {
  const chunk = (name: string, body: Buffer): Buffer => {
    const inside = Buffer.concat([latin(name), body]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(body.length);
    sum.writeUInt32BE(crc(inside));
    return Buffer.concat([length, inside, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head[8] = 1;
  return Buffer.concat([latin('\x89PNG\r\n\x1a\n'), chunk('IHDR', head), chunk('IDAT', deflateSync(Buffer.alloc((Math.ceil(width / 8) + 1) * height))), chunk('IEND', Buffer.alloc(0))]);
}
function crc(bytes: Buffer): number {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return ~sum >>> 0;
}

describe('attack 28: a hostile attachment', () => {
  let relay: Awaited<ReturnType<typeof startTestRelay>>, browser: Browser, bob: BrowserPerson, mallory: TestPerson, room: RoomId, jpeg: Buffer;
  const led: string[] = [];
  const asked: string[] = [];
  const message = (id: string) => bob.page.locator(`[data-testid="message"][data-id="${id}"]`);

  beforeAll(async () => {
    relay = await startTestRelay({ webDirectory: WEB_DIRECTORY });
    browser = await startBrowser();
    bob = await BrowserPerson.arrive(browser, 'Bob', relay.origin);
    await bob.page.addInitScript(rememberAddresses);
    await bob.found(relay.foundingLink as string, 'Riverside Tenants');
    mallory = await TestPerson.arrive('Mallory', { live: true });
    const { phrase } = await mallory.session.join(await bob.invite(), { name: 'Mallory', passphrase: PASSPHRASE });
    await bob.admit('Mallory', phrase.join(' '));
    await until(async () => (await mallory.session.overview()).stage === 'open', 'mallory to be in', 60_000);
    await bob.createRoom('Stairwell B');
    await bob.add('Mallory');
    await until(async () => (await mallory.session.rooms()).length === 1, 'mallory to have the room', 60_000);
    room = (await mallory.session.rooms())[0]?.id as RoomId;
    jpeg = await drawJpeg(bob.page, 320, 240);
    bob.page.on('framenavigated', (frame) => led.push(frame.url()));
    bob.context.on('page', (page) => led.push(`another page: ${page.url()}`));
    bob.context.on('request', (request) => asked.push(request.url()));
    bob.page.on('dialog', (dialog) => {
      led.push(`a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
  });
  afterAll(async () => {
    await browser?.close();
    await mallory?.session.close();
    await relay?.stop();
  });

  const send = async (bytes: Buffer, about: OutgoingFile): Promise<string> => {
    const id = await mallory.session.sendFile(room, new Blob([Uint8Array.from(bytes)]), about);
    await message(id).waitFor({ timeout: 60_000 });
    return id;
  };
  const preview = (image: Uint8Array = jpeg, durationMs = 0) => ({ image: Uint8Array.from(image), width: 320, height: 240, durationMs });
  const drawn = async (id: string): Promise<(string | null)[]> => Promise.all((await message(id).getByTestId('still').all()).map((each) => each.getAttribute('data-drawn')));

  it('a picture that is none, or is too large to be borne, is not shown, and says so', async () => {
    const cases: readonly (readonly [string, string, Buffer])[] = [
      ['image/svg+xml', 'drawing.svg', SVG], ['image/png', 'drawing.png', SVG], ['text/html', 'page.html', HTML], ['application/pdf', 'plan.pdf', PDF],
      ['image/gif', 'dance.gif', GIF_JS], ['image/png', 'wall.png', png(12_000, 12_000)], ['image/png', 'line.png', png(60_000, 60)],
    ];
    for (const [type, name, bytes] of cases) {
      const id = await send(bytes, { name, type, preview: preview() });
      await message(id).getByTestId('picture').click();
      await bob.page.getByText('This cannot be shown here.', { exact: false }).waitFor();
      expect(await bob.page.getByTestId('viewer-stage').getAttribute('data-whole'), name).toBe('false');
      await bob.button('Save', bob.page.locator('.viewer-foot')).click();
      await bob.page.keyboard.press('Escape');
      await bob.page.getByTestId('viewer-stage').waitFor({ state: 'detached' });
    }
  });

  it('a picture that is a page as well is drawn anew, and only that', async () => {
    const both = Buffer.concat([jpeg.subarray(0, 2), latin(`\xff\xfe${String.fromCharCode((HTML.length + 2) >> 8, (HTML.length + 2) & 255)}`), HTML, jpeg.subarray(2), HTML]);
    const id = await send(both, { name: 'both.html', type: 'text/html', preview: preview(both.length <= 10_240 ? both : jpeg) });
    await message(id).getByTestId('picture').click();
    await bob.page.locator('[data-testid="viewer-stage"][data-whole="true"]').waitFor();
    await bob.page.keyboard.press('Escape');
  });

  it('a small picture that is none never comes near the page: as a line where it does not even begin as one, else as an empty frame', async () => {
    const asLine = await send(SVG, { name: 'x', type: 'image/png', preview: preview(SVG) });
    await message(asLine).getByTestId('file').waitFor();
    const canvas = latin('RIFF\0\x10\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\xff\x3f\0\xff\x3f\0');
    for (const image of [Buffer.concat([latin('\xff\xd8\xff'), HTML]), canvas]) {
      const id = await send(HTML, { name: 'y', type: 'image/png', preview: preview(image) });
      await message(id).locator('.picture svg').waitFor();
      expect(await drawn(id)).toEqual([]);
    }
  });

  it('a video or a sound that is none is not played', async () => {
    for (const bytes of [HTML, SVG, PDF, TORN_MP4]) {
      const video = await send(bytes, { name: 'film.mp4', type: 'text/html', preview: preview(jpeg, 5_000) });
      await message(video).getByTestId('video').click();
      await message(video).getByText('This cannot be shown here.', { exact: false }).waitFor();
      const voice = await send(bytes, { name: 'voice.html', type: 'text/html', sound: { durationMs: 5_000, waveform: [1, 2, 3] } });
      await bob.button('Play', message(voice)).click();
      await message(voice).getByText('This cannot be shown here.', { exact: false }).waitFor();
    }
  });

  it('a document is saved as bytes of no type, the endings that run after a warning', async () => {
    for (const [name, bytes, warns] of [['plan.pdf', PDF, false], ['drawing.svg', SVG, true], ['minutes.pdf.html', HTML, true]] as const) {
      const id = await send(bytes, { name, type: 'text/html' });
      expect(await message(id).locator('.file-name').innerText()).toBe(name);
      const saving = bob.page.waitForEvent('download');
      await bob.button('Save', message(id)).click();
      if (warns) await bob.button('Save it', bob.page.getByRole('alertdialog')).click();
      expect((await saving).suggestedFilename()).toBe(name);
    }
  });

  it('and of all that nothing ran, nothing led the page elsewhere, and nothing was asked of the hub', async () => {
    const { ran, types } = await seen(bob.page);
    expect(ran).toBe(false);
    expect(led).toEqual([]);
    expect(asked.filter((url) => url.includes('beacon'))).toEqual([]);
    // Whatever had an address within the page had a type that was chosen here and that no browser opens as a page.
    expect(types.length).toBeGreaterThan(8);
    expect([...new Set(types)].filter((type) => !['application/octet-stream', 'video/mp4', 'audio/mp4'].includes(type))).toEqual([]);
    expect(bob.complaints).toEqual([]);
  });

  it('the policy of the page would not have let it either', async () => {
    const policy = (await fetch(relay.origin)).headers.get('content-security-policy') ?? '';
    const rules = new Map(policy.split('; ').map((rule) => [rule.split(' ')[0], rule.split(' ').slice(1).join(' ')]));
    expect([rules.get('default-src'), rules.get('img-src'), rules.get('media-src'), rules.get('script-src')]).toEqual(["'none'", "'self' blob: data:", 'blob:', "'self' 'wasm-unsafe-eval'"]);
    for (const open of ['object-src', 'frame-src', 'child-src']) expect(rules.has(open), open).toBe(false);
    const kinds = await bob.page.evaluate(async () => {
      const refused = new Promise<string>((resolve) => document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective)));
      const address = URL.createObjectURL(new Blob(['<script>parent.ran = true</script>'], { type: 'text/html' }));
      const frame = document.createElement('iframe');
      frame.src = address;
      document.body.append(frame);
      const directive = await refused;
      frame.remove();
      return directive;
    });
    expect(kinds).toBe('frame-src');
    expect((await seen(bob.page)).ran).toBe(false);
  });
});

/** Runs before the page: notes the type of everything that is given an address. */
function rememberAddresses(): void {
  const types: string[] = [];
  Object.assign(globalThis, { addressTypes: types });
  const make = URL.createObjectURL.bind(URL);
  URL.createObjectURL = (what: Blob | MediaSource): string => {
    types.push(what instanceof Blob ? what.type : 'a stream');
    return make(what);
  };
}

const seen = (page: Page): Promise<{ ran: boolean; types: string[] }> => page.evaluate(() => {
  const here = globalThis as { ran?: boolean; addressTypes?: string[] };
  return { ran: here.ran === true, types: [...(here.addressTypes ?? [])] };
});
