import { create } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FileSchema } from '../content/gen/thicket/content/v1/content_pb.ts';
import { cleanFileName, cleanFileType, fileFacts } from './files.ts';

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
});
