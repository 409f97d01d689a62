import { it } from 'vitest';
import { MiB } from '#shared/limits.ts';
import { largeFile } from './large-file.ts';

it('a file of 1 GiB arrives whole through a cut line, a killed program and a killed relay, whose memory stays flat', async () => {
  console.log(JSON.stringify(await largeFile(1024 * MiB + 1)));
});
