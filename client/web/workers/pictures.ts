/**
 * Decodes pictures and encodes them anew, away from the page. Whatever comes in, only two things leave: a picture that
 * this device encoded itself, and a bitmap. A decoder that is brought down takes this worker with it and nothing else.
 */
import { MOST_PREVIEW } from '#core/domain/files.ts';
import { HEADER_BYTES, headerOf, isBearable } from '../features/media/header.ts';
import { withoutMetadata } from '../features/media/metadata.ts';
import type { Answered, Asked, Job, Prepared, Show } from './pictures-protocol.ts';

/** Pixels of the longer side of a picture that is sent. */
const LONGEST_SENT = 2560;
/** One's own may be larger than what is decoded of others'. */
const MOST_OF_OWN = 120_000_000;
const QUALITY = 0.82;
const PREVIEW_STEPS = [[400, 0.6], [400, 0.4], [320, 0.4], [256, 0.4], [192, 0.35], [128, 0.3], [64, 0.2]] as const;

interface Size {
  readonly width: number;
  readonly height: number;
}

const within = ({ width, height }: Size, longest: number): Size => {
  const scale = Math.min(1, longest / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
};

function drawn(bitmap: ImageBitmap, { width, height }: Size, ground?: string): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('no canvas');
  if (ground !== undefined) {
    context.fillStyle = ground;
    context.fillRect(0, 0, width, height);
  }
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, width, height);
  return canvas;
}

/** WebP where the browser writes it, else JPEG, which knows no transparency. */
async function encoded(bitmap: ImageBitmap, size: Size, quality: number): Promise<{ bytes: Uint8Array<ArrayBuffer>; type: string }> {
  let blob = await drawn(bitmap, size).convertToBlob({ type: 'image/webp', quality });
  if (blob.type !== 'image/webp') blob = await drawn(bitmap, size, '#fff').convertToBlob({ type: 'image/jpeg', quality });
  const bytes = withoutMetadata(new Uint8Array(await blob.arrayBuffer()));
  if (bytes === undefined) throw new Error('not a picture of ours');
  return { bytes, type: blob.type };
}

async function previewOf(bitmap: ImageBitmap): Promise<Uint8Array> {
  for (const [longest, quality] of PREVIEW_STEPS) {
    const { bytes } = await encoded(bitmap, within(bitmap, longest), quality);
    if (bytes.length <= MOST_PREVIEW) return bytes;
  }
  throw new Error('too much in it');
}

async function prepare(file: Blob): Promise<Prepared> {
  const header = await headerIn(file);
  if (header !== undefined && header.width * header.height > MOST_OF_OWN) throw new Error('too large');
  // Turned as the camera says it was held; what said so stays behind.
  const bitmap = await createImageBitmap(file);
  const size = within(bitmap, LONGEST_SENT);
  const { bytes, type } = await encoded(bitmap, size, QUALITY);
  const preview = await previewOf(bitmap);
  bitmap.close();
  return { image: new Blob([bytes], { type }), preview, ...size };
}

const headerIn = async (file: Blob) => headerOf(new Uint8Array(await file.slice(0, HEADER_BYTES).arrayBuffer()));

async function show({ bytes, most, longest }: Show): Promise<ImageBitmap> {
  const header = await headerIn(bytes);
  if (header === undefined || !isBearable(header, most)) throw new Error('not to be decoded');
  const whole = await createImageBitmap(new Blob([bytes], { type: header.type }));
  const size = within(whole, longest);
  if (size.width === whole.width && size.height === whole.height) return whole;
  const smaller = drawn(whole, size).transferToImageBitmap();
  whole.close();
  return smaller;
}

const work = (job: Job): Promise<NonNullable<Answered['result']>> =>
  job.what === 'prepare' ? prepare(job.file) : job.what === 'show' ? show(job) : previewOf(job.bitmap);

addEventListener('message', ({ data: { id, job } }: MessageEvent<Asked>) => {
  const answer = (result: Answered['result']): void =>
    postMessage({ id, result } satisfies Answered, { transfer: result instanceof ImageBitmap ? [result] : [] });
  work(job).then(answer, () => answer(undefined));
});
