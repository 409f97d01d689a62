import { describe, expect, it } from 'vitest';
import { endingOf, isDangerous, kindOf, playableType, seemsLike, signOf } from './kinds.ts';

const text = (words: string): Uint8Array => Uint8Array.from(words, (letter) => letter.charCodeAt(0));

describe('files, as people see them', () => {
  it('are what is said of them', () => {
    const file = { name: 'a', type: '', size: 1 };
    const preview = { image: text(''), width: 1, height: 1 };
    expect(kindOf(file)).toBe('document');
    expect(kindOf({ ...file, preview: { ...preview, durationMs: 0 } })).toBe('picture');
    expect(kindOf({ ...file, preview: { ...preview, durationMs: 9 } })).toBe('video');
    expect(kindOf({ ...file, sound: { durationMs: 1, waveform: [] } })).toBe('voice');
  });
  it('have the ending that counts, and one that seems to', () => {
    expect(['minutes.pdf', 'letter.pdf.EXE', 'Makefile', 'picture.svg', 'a.b c'].map(endingOf)).toEqual(['pdf', 'exe', '', 'svg', '']);
    expect(['letter.pdf.exe', 'page.html', 'picture.png.svg', 'minutes.pdf', 'plan.odt'].map(isDangerous)).toEqual([true, true, true, false, false]);
    expect(['letter.pdf.exe', 'page.html', 'notes.v2.docx', 'photo.jpg.zip'].map(seemsLike)).toEqual(['pdf', undefined, undefined, 'jpg']);
    expect(['a.pdf', 'b.ods', 'c.zip', 'd.opus', 'e.mkv', 'f.heic', 'g'].map(signOf)).toEqual(['text', 'table', 'packed', 'sound', 'film', 'image', 'other']);
  });
});

it('a player is told what the bytes are, or nothing is played', () => {
  expect(playableType(text('\0\0\0\x20ftypisom'), true)).toBe('video/mp4');
  expect(playableType(text('\x1a\x45\xdf\xa3'), false)).toBe('audio/webm');
  expect(playableType(text('OggS'), false)).toBe('audio/ogg');
  expect(playableType(text('ID3'), false)).toBe('audio/mpeg');
  expect(playableType(text('ID3'), true)).toBeUndefined();
  for (const other of ['<html>', '<svg onload=x()>', '%PDF-1.4', 'GIF89a', '']) for (const isVideo of [true, false]) expect(playableType(text(other), isVideo)).toBeUndefined();
});
