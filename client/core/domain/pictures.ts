/** Pictures of people. By itself: the page draws them, and has nothing else of the engine's. */
export const LARGEST_PICTURE = 12 * 1024;

/** What a picture is, by its own first bytes: nothing else is ever drawn. Larger ones than an honest device sends are none. */
export function pictureType(bytes: Uint8Array): 'image/webp' | 'image/jpeg' | undefined {
  if (bytes.length > LARGEST_PICTURE || bytes.length < 16) return undefined;
  const says = (at: number, text: string) => [...text].every((sign, index) => bytes[at + index] === sign.charCodeAt(0));
  if (says(0, 'RIFF') && says(8, 'WEBP')) return 'image/webp';
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff ? 'image/jpeg' : undefined;
}
