/** Pictures as cameras write them: with everything in them that nobody meant to send. */
import type { Page } from 'playwright-core';

/** What is written into a photo beside the picture. */
export const TOLD = ['52.5200 N 13.4050 E', 'Rosa Fairphone 5', '2026:11:02 21:04:11', 'ns.adobe.com/xap/1.0', 'ICC_PROFILE of Rosa', 'a note in a comment', 'THUMBNAIL OF A FACE'] as const;
const [PLACE, MAKER, TIME, XMP, ICC, NOTE, FACE] = TOLD;

const latin = (text: string): Buffer => Buffer.from(text, 'latin1');
const uint16 = (value: number): Buffer => Buffer.from([value & 255, value >> 8]);
const uint32 = (value: number): Buffer => Buffer.concat([uint16(value & 0xffff), uint16(value >>> 16)]);
const segment = (marker: number, body: Buffer): Buffer => Buffer.concat([Buffer.from([0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255]), body]);

/** A JPEG drawn in the page: light above, dark below, so that it can be told which side is up. */
export async function drawJpeg(page: Page, width: number, height: number): Promise<Buffer> {
  const base64 = await page.evaluate(async ([wide, high]) => {
    const canvas = new OffscreenCanvas(wide as number, high as number);
    const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
    for (let row = 0; row < 24; row += 1) {
      context.fillStyle = `hsl(${row * 15} 60% ${90 - row * 3}%)`;
      context.fillRect(0, (row * (high as number)) / 24, wide as number, (high as number) / 24 + 1);
    }
    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 })).arrayBuffer());
    return btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ''));
  }, [width, height] as const);
  return Buffer.from(base64, 'base64');
}

/** The same as a camera leaves it, held sideways: it is to be turned to the right to stand upright. */
export function asTaken(jpeg: Buffer): Buffer {
  const texts = [[0x010e, PLACE], [0x0110, MAKER], [0x0132, TIME]] as const;
  const entries = texts.length + 2;
  const textsAt = 8 + 2 + entries * 12 + 4;
  let at = textsAt;
  const places = texts.map(([, text]) => {
    const here = at;
    at += text.length + 1;
    return here;
  });
  const entry = (tag: number, type: number, count: number, value: Buffer) => Buffer.concat([uint16(tag), uint16(type), uint32(count), value]);
  const gpsAt = at;
  const gps = Buffer.concat([uint16(1), entry(0x0001, 2, 2, latin('N\0\0\0')), uint32(0)]);
  const tiff = Buffer.concat([
    latin('II'), uint16(42), uint32(8), uint16(entries),
    entry(texts[0][0], 2, PLACE.length + 1, uint32(places[0] as number)), entry(texts[1][0], 2, MAKER.length + 1, uint32(places[1] as number)),
    entry(0x0112, 3, 1, uint32(6)), entry(texts[2][0], 2, TIME.length + 1, uint32(places[2] as number)), entry(0x8825, 4, 1, uint32(gpsAt)),
    uint32(0), ...texts.map(([, text]) => latin(`${text}\0`)), gps, latin(FACE),
  ]);
  return Buffer.concat([
    jpeg.subarray(0, 2), segment(0xe1, Buffer.concat([latin('Exif\0\0'), tiff])), segment(0xe1, latin(`http://${XMP}/\0<x:xmpmeta/>`)),
    segment(0xe2, latin(`${ICC}\0`)), segment(0xfe, latin(NOTE)), jpeg.subarray(2), latin(`behind the end: ${PLACE}`),
  ]);
}
