/** large-file.long.ts does the same with a gigabyte. */
import { it } from 'vitest';
import { MiB } from '#shared/limits.ts';
import { largeFile } from './large-file.ts';

it('a file of 8 MiB arrives whole through a cut line, a killed program and a killed relay, whose memory stays flat', async () => {
  console.log(JSON.stringify(await largeFile(8 * MiB)));
});
