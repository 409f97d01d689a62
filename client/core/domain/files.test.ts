import { create } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FileSchema } from '../content/gen/thicket/content/v1/content_pb.ts';
import { cleanCaption, cleanFileName, cleanFileType, fileFacts } from './files.ts';

describe('names of files', () => {
  it('are one line without a path, a disguise or a hidden beginning', () => {
    const names = [
      ['minutes.pdf', 'minutes.pdf'], ['../../etc/passwd', 'passwd'], ['C:\\Users\\rosa\\plan.odt', 'plan.odt'], ['.bashrc', 'bashrc'],
      ['invoice\u202efdp.exe', 'invoicefdp.exe'], ['a\nb\tc.txt', 'a b c.txt'], ['', 'file'], ['..', 'file'], ['///', 'file'],
      ['what?<is>|this*.txt', 'whatisthis.txt'], ['خطة.pdf', 'خطة.pdf'], ['name. ', 'name'],
    ] as const;
    for (const [raw, clean] of names) expect([raw, cleanFileName(raw)]).toEqual([raw, clean]);
  });
  it('keep their ending when they are too long, and stay clean', () => {
    const long = cleanFileName(`${'x'.repeat(500)}.docx`);
    expect([long.length, long.endsWith('.docx')]).toEqual([200, true]);
    fc.assert(fc.property(fc.uint16Array({ maxLength: 400 }), (units) => {
      const name = cleanFileName(String.fromCharCode(...units));
      return name.length > 0 && [...name].length <= 200 && !/[/\\\n\u202e]/u.test(name) && !name.startsWith('.');
    }));
  });
});

describe('types of files', () => {
  it('are media types or nothing', () => {
    expect(['image/PNG', 'text/plain; charset=utf-8', 'text/html<script>', 'nonsense', ''].map(cleanFileType)).toEqual(['image/png', 'text/plain', '', '', '']);
  });
});

describe('a file in a message', () => {
  const [blob, key, digest] = [new Uint8Array(32), new Uint8Array(32), new Uint8Array(32)];
  it('is taken when its parts have their sizes', () => {
    expect(fileFacts(create(FileSchema, { name: 'a.txt', type: 'text/plain', size: 5n, blob, key, digest }))).toEqual({ name: 'a.txt', type: 'text/plain', size: 5 });
    for (const spoilt of [{ blob: key.slice(1) }, { key: new Uint8Array(0) }, { digest: new Uint8Array(33) }]) {
      expect(fileFacts(create(FileSchema, { name: 'a', size: 5n, blob, key, digest, ...spoilt }))).toBeUndefined();
    }
    expect(fileFacts(create(FileSchema, { name: 'a', size: 2n ** 63n, blob, key, digest }))).toBeUndefined();
  });

  const facts = (more: object) => fileFacts(create(FileSchema, { name: 'a', size: 5n, blob, key, digest, ...more }));
  const jpeg = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 1, 2);
  const webp = new TextEncoder().encode('RIFF\0\0\0\0WEBPVP8 ');
  it('shows a small picture of itself when that is small and begins as one', () => {
    for (const image of [jpeg, webp]) expect(facts({ preview: { image, width: 640, height: 480 } })?.preview).toEqual({ image, width: 640, height: 480, durationMs: 0 });
    const svg = new TextEncoder().encode('<svg onload="alert(1)">');
    const large = new Uint8Array(10 * 1024 + 1);
    large.set(jpeg);
    for (const image of [svg, large, new Uint8Array(0)]) expect(facts({ preview: { image, width: 640, height: 480 } })).toMatchObject({ name: 'a', preview: undefined });
    for (const odd of [{ width: 0 }, { height: 65_536 }, { durationMs: 2 ** 31 }]) expect(facts({ preview: { image: jpeg, width: 1, height: 1, ...odd } })?.preview).toBeUndefined();
  });
  it('has a waveform of few values, a length within a day, and an album with a whole id', () => {
    expect(facts({ sound: { durationMs: 2_500, waveform: Uint8Array.of(1, 255) } })?.sound).toEqual({ durationMs: 2_500, waveform: [1, 255] });
    for (const sound of [{ durationMs: 0 }, { durationMs: 86_400_001 }, { durationMs: 5, waveform: new Uint8Array(65) }]) expect(facts({ sound })?.sound).toBeUndefined();
    expect(facts({ album: new Uint8Array(16) })?.album).toHaveLength(16);
    expect(facts({ album: new Uint8Array(15) })?.album).toBeUndefined();
  });
  it('has a caption of at most 2,000 characters, whole ones', () => {
    expect(cleanCaption('  the boiler room \n')).toBe('the boiler room');
    expect(cleanCaption('x'.repeat(3_000))).toHaveLength(2_000);
    expect(cleanCaption(`${'x'.repeat(1_999)}👩🏽‍🔧`)).toBe('x'.repeat(1_999));
  });
});
