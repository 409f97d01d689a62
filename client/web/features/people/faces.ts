/** Pictures of people as addresses within the page, made once each, and gone when the app locks. */
import { pictureType } from '#core/domain/pictures.ts';
import { headerOf, isBearable } from '../media/header.ts';

/** Pixels. An honest device sends 256 by 256; twelve kilobytes can say to be a thousand times as many. */
const MOST_PIXELS = 1_000_000;

/** The type under which the browser may draw it: by its first bytes, and only if it can be borne. */
export function faceType(bytes: Uint8Array): string | undefined {
  const type = pictureType(bytes);
  const header = type && headerOf(bytes);
  return header !== undefined && header.type === type && isBearable(header, MOST_PIXELS) ? type : undefined;
}

const faces = new Map<string, Promise<string | undefined>>();

/** @param key tells one picture from another @param load its bytes, asked for once */
export function faceAt(key: string, load: () => Promise<Uint8Array | undefined>): Promise<string | undefined> {
  const known = faces.get(key);
  if (known !== undefined) return known;
  const loading: Promise<string | undefined> = load().then((bytes) => addressOf(bytes, () => faces.get(key) === loading), () => undefined);
  faces.set(key, loading);
  return loading;
}

function addressOf(bytes: Uint8Array | undefined, isWanted: () => boolean): string | undefined {
  const type = bytes && faceType(bytes);
  if (bytes === undefined || type === undefined || !isWanted()) return undefined;
  return URL.createObjectURL(new Blob([bytes.slice()], { type }));
}

/** An address lives as long as the page does, which is longer than the vault is open. */
export function forgetFaces(): void {
  const all = [...faces.values()];
  faces.clear();
  for (const loading of all) void loading.then((address) => address !== undefined && URL.revokeObjectURL(address));
}
