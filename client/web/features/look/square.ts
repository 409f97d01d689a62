/** A picture as it is sent: drawn anew, so that nothing of the file but what one sees goes along; square, and small. */
import { LARGEST_PICTURE, pictureType } from '#core/domain/pictures.ts';

const SIDES = [160, 128, 96, 72, 48] as const;
const QUALITIES = [0.82, 0.65, 0.5] as const;

/** @returns a WebP (or, in a browser that makes none, a JPEG) of at most 12 KiB; undefined for what is no picture */
export async function squareOf(file: Blob): Promise<Uint8Array | undefined> {
  let drawn: ImageBitmap;
  try {
    drawn = await createImageBitmap(file);
  } catch {
    return undefined;
  }
  try {
    for (const side of SIDES) for (const quality of QUALITIES) {
      const bytes = await encoded(drawn, side, quality);
      if (bytes !== undefined && bytes.length <= LARGEST_PICTURE && pictureType(bytes) !== undefined) return bytes;
    }
    return undefined;
  } finally {
    drawn.close();
  }
}

async function encoded(picture: ImageBitmap, side: number, quality: number): Promise<Uint8Array | undefined> {
  const canvas = document.createElement('canvas');
  canvas.width = side;
  canvas.height = side;
  const context = canvas.getContext('2d');
  if (context === null) return undefined;
  const cut = Math.min(picture.width, picture.height);
  context.imageSmoothingQuality = 'high';
  context.fillStyle = '#fff';
  context.fillRect(0, 0, side, side);
  context.drawImage(picture, (picture.width - cut) / 2, (picture.height - cut) / 2, cut, cut, 0, 0, side, side);
  const blob = (await toBlob(canvas, 'image/webp', quality)) ?? (await toBlob(canvas, 'image/jpeg', quality));
  return blob && new Uint8Array(await blob.arrayBuffer());
}

/** A browser that cannot make a type makes a PNG instead. */
const toBlob = (canvas: HTMLCanvasElement, type: string, quality: number): Promise<Blob | undefined> =>
  new Promise((resolve) => canvas.toBlob((blob) => resolve(blob?.type === type ? blob : undefined), type, quality));
