import { afterEach, describe, expect, it, vi } from 'vitest';
import { faceAt, faceType, forgetFaces } from './faces.ts';

/** A WebP that says to be so large, and is nothing more than that. */
function webp(width: number, height: number): Uint8Array {
  const bytes = new Uint8Array(64);
  bytes.set(new TextEncoder().encode('RIFF....WEBPVP8X'));
  const put = (at: number, value: number) => bytes.set([value & 255, (value >> 8) & 255, value >> 16], at);
  put(24, width - 1);
  put(27, height - 1);
  return bytes;
}

afterEach(() => void vi.restoreAllMocks());

describe('a face', () => {
  it('is drawn by what its first bytes say, and only where it can be borne', () => {
    expect(faceType(webp(256, 256))).toBe('image/webp');
    expect(faceType(webp(16_384, 16_384))).toBeUndefined();
    expect(faceType(webp(16_384, 100))).toBeUndefined();
    expect(faceType(new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"/>'))).toBeUndefined();
    // A JPEG whose size stands nowhere.
    expect(faceType(Uint8Array.of(0xff, 0xd8, 0xff, 0xda, ...new Uint8Array(60)))).toBeUndefined();
  });

  it('has one address while the app is open, and none once it is locked, also where it was just being looked up', async () => {
    const made = vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:one');
    const gone = vi.spyOn(URL, 'revokeObjectURL').mockReturnValue(undefined);
    const load = vi.fn(async () => webp(256, 256));
    expect(await faceAt('kitchen/bob/1', load)).toBe('blob:one');
    expect(await faceAt('kitchen/bob/1', load)).toBe('blob:one');
    expect([load.mock.calls.length, made.mock.calls.length]).toEqual([1, 1]);
    let answer: (bytes: Uint8Array) => void = () => undefined;
    const late = faceAt('kitchen/eve/1', () => new Promise((resolve) => { answer = resolve; }));
    forgetFaces();
    answer(webp(256, 256));
    expect(await late).toBeUndefined();
    await vi.waitFor(() => expect(gone.mock.calls).toEqual([['blob:one']]));
    expect(made).toHaveBeenCalledTimes(1);
  });
});
