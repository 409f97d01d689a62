import type { ArgumentsHost } from '@nestjs/common';
import { expect, it } from 'vitest';
import { refusalIn } from '../../../test/harness/wire.ts';
import { RefusalFilter } from './refusal.filter.ts';

it('a disk of keys that is full is storage-full, and no error of our own', () => {
  const warned: string[] = [];
  const filter = new RefusalFilter({ say: () => undefined, warn: (line: string) => void warned.push(line) } as never);
  const codeFor = (code: string): string | undefined => {
    let sent: Uint8Array = new Uint8Array(0);
    const reply = { code: () => reply, header: () => reply, send: (body: Uint8Array) => (sent = body) };
    const host = { switchToHttp: () => ({ getRequest: () => ({ raw: { destroyed: false, complete: true } }), getResponse: () => reply }) };
    filter.catch(Object.assign(new Error('write'), { code }), host as unknown as ArgumentsHost);
    return refusalIn(sent)?.code;
  };
  expect([codeFor('ENOSPC'), codeFor('EDQUOT'), warned]).toEqual(['storage-full', 'storage-full', []]);
  expect([codeFor('EBADF'), warned.length]).toEqual(['internal', 1]);
});
