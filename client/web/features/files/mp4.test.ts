import { describe, expect, it } from 'vitest';
import { withoutPlaces } from './mp4.ts';

const text = (words: string): number[] => [...words].map((letter) => letter.charCodeAt(0));
const uint32 = (value: number): number[] => [value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255];
const box = (type: string, ...body: readonly (readonly number[])[]): number[] => {
  const inside = body.flat();
  return [...uint32(inside.length + 8), ...text(type), ...inside];
};
const handler = (kind: string) => box('mdia', box('mdhd', uint32(0), uint32(3_900_000_000), uint32(3_900_000_001), uint32(600)), box('hdlr', uint32(0), uint32(0), text(kind), uint32(0)));
const PLACE = '+52.5200+013.4050/';
const film = (...tracks: readonly number[][]) => [
  ...box('ftyp', text('isom')), ...box('mdat', text('the pictures themselves')),
  ...box('moov', box('mvhd', uint32(0), uint32(3_900_000_000), uint32(3_900_000_001), text('rate and so on')), ...tracks.map((track) => box('trak', track)),
    box('udta', box('\xa9xyz', text(PLACE)), box('\xa9mak', text('Fairphone')))),
  ...box('meta', text('com.apple.quicktime.location.ISO6709')), ...box('uuid', text('XMP by Rosa')),
];
const cleaned = async (bytes: readonly number[]) => {
  const result = await withoutPlaces(new Blob([Uint8Array.from(bytes)]));
  return result && { ...result, text: String.fromCharCode(...new Uint8Array(await result.film.arrayBuffer())) };
};

describe('a film', () => {
  it('keeps its pictures and its size, and loses where, when and with what it was filmed', async () => {
    const before = film(handler('vide'), handler('soun'));
    const after = await cleaned(before);
    expect(after?.isClean).toBe(true);
    expect(after?.text).toHaveLength(before.length);
    expect(after?.text).toContain('the pictures themselves');
    expect(after?.text).toContain('rate and so on');
    for (const told of [PLACE, 'Fairphone', 'ISO6709', 'Rosa', String.fromCharCode(...uint32(3_900_000_000))]) expect(after?.text).not.toContain(told);
  });
  it('with a track of measurements is not called clean', async () => {
    expect((await cleaned(film(handler('vide'), handler('meta'))))?.isClean).toBe(false);
  });
  it('that cannot be followed is not called clean, and what is none is none', async () => {
    const whole = film(handler('vide'));
    expect((await cleaned([...whole, 0, 0, 0, 3, ...text('free')]))?.isClean).toBe(false);
    const torn = [...box('ftyp', text('isom')), ...box('moov', uint32(900), text('trak'))];
    expect((await cleaned(torn))?.isClean).toBe(false);
    expect(await cleaned(text('\x1a\x45\xdf\xa3 a WebM'))).toBeUndefined();
    expect(await cleaned([])).toBeUndefined();
  });
});
