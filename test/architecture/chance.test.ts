/** What people's devices do by chance keeps them apart from each other, so it must not be possible to foresee it. */
import { expect, it } from 'vitest';
import { sourcesIn } from './sources.ts';

const isProduct = ({ path }: { path: string }): boolean => !/\.test\.tsx?$|\/(testing|dev)\//.test(path);

it('takes chance from the system, never from the engine', () => {
  const files = ['shared', 'server', 'client'].flatMap((folder) => sourcesIn(folder)).filter(isProduct);
  expect(files.filter(({ source }) => /\bMath\.random\b/.test(source)).map(({ path }) => path)).toEqual([]);
});
