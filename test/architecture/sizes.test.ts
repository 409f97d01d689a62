/** A file holds one idea; one that grows past this holds two. */
import { expect, it } from 'vitest';
import { sourcesIn } from './sources.ts';

const MOST_LINES = 400;

it('keeps every source file short', () => {
  const files = ['shared', 'server', 'client', 'test', 'scripts', 'docker'].flatMap((folder) => sourcesIn(folder, /\.(ts|tsx|mjs|css|sh)$/));
  const long = files
    .map(({ path, source }) => ({ path, lines: source.trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > MOST_LINES);
  expect(long).toEqual([]);
});
