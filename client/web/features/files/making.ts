/** Makes of a chosen file what is sent: a picture anew without a word about where it was taken, a video without its places where that is simple, anything else as it is. */
import type { FilePreview, FileSound } from '#core/session/api.ts';
import { picture } from '../media/pictures.ts';
import { firstPicture } from './films.ts';
import { withoutPlaces } from './mp4.ts';

export type Note =
  /** Sent as it is, with what its program wrote into it. */
  | 'document'
  /** A picture as it is, by choice, with what the camera wrote into it. */
  | 'original'
  /** Called a picture, and none this browser can read. */
  | 'unreadable'
  /** A video that may still say where and when it was filmed. */
  | 'film';

export interface Made {
  readonly blob: Blob;
  readonly name: string;
  readonly type: string;
  readonly preview?: FilePreview;
  readonly sound?: FileSound;
  readonly note?: Note | undefined;
}

/** An SVG is a document that can hold a program. */
const isPicture = ({ type, name }: File): boolean => type.startsWith('image/') && !type.includes('svg') && !/\.svgz?$/i.test(name);

export async function make(file: File, original: boolean): Promise<Made> {
  const asIs = { blob: file, name: file.name, type: file.type };
  if (isPicture(file)) return original ? { ...asIs, note: 'original' } : ((await madePicture(file)) ?? { ...asIs, note: 'unreadable' });
  if (file.type.startsWith('video/')) return (await madeFilm(file)) ?? { ...asIs, note: 'film' };
  return { ...asIs, note: 'document' };
}

/** Named anew too: a camera's names tell the second. */
async function madePicture(file: File): Promise<Made | undefined> {
  const made = await picture({ what: 'prepare', file });
  if (made === undefined) return undefined;
  const { image, preview, width, height } = made;
  return { blob: image, name: image.type === 'image/webp' ? 'picture.webp' : 'picture.jpg', type: image.type, preview: { image: preview, width, height, durationMs: 0 } };
}

async function madeFilm(file: File): Promise<Made | undefined> {
  const [shown, cleaned] = await Promise.all([firstPicture(file), withoutPlaces(file).catch(() => undefined)]);
  const preview = shown && (await picture({ what: 'shrink', bitmap: shown.bitmap }));
  if (shown === undefined || preview === undefined) return undefined;
  const { width, height, durationMs } = shown;
  const ending = file.type === 'video/webm' ? 'webm' : file.type === 'video/quicktime' ? 'mov' : 'mp4';
  return {
    blob: cleaned?.film ?? file, name: `video.${ending}`, type: file.type, preview: { image: preview, width, height, durationMs },
    note: cleaned?.isClean === true ? undefined : 'film',
  };
}
