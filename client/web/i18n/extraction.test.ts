/** What the interface says, read from its source: nothing is said that cannot be translated, and nothing translated that is not said. */
import { findKeys, runLinter } from 'i18next-cli';
import { describe, expect, it } from 'vitest';
import { sourcesIn } from '../../../test/architecture/sources.ts';
import { en } from './en/index.ts';

const config: Parameters<typeof findKeys>[0] = {
  locales: ['en'],
  // Nothing is written: the catalogues are for people to write.
  extract: { input: ['client/web/**/*.{ts,tsx}'], ignore: ['client/web/**/*.test.{ts,tsx}', 'client/web/dev/**'], output: 'unused/{{language}}.json' },
  lint: { ignoredTags: ['kbd', 'code', 'bdi'] },
};
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

type Words = { readonly [key: string]: string | Words };
const flat = (words: Words, path = ''): readonly string[] =>
  Object.entries(words).flatMap(([key, value]) => (typeof value === 'string' ? [`${path}${key}`] : flat(value, `${path}${key}.`)));
const baseOf = (key: string): string => key.replace(/_(?:zero|one|two|few|many|other)$/, '').replace(/_(?:me|unknown)$/, '');

/** Said by a name that is only known while it runs: the contract lists these names, and words.test.ts holds the catalogue to it. */
const BY_NAME = ['failure.', 'refused.', 'alarm.', 'event.', 'connection.'];

describe('the words of the interface', async () => {
  const { allKeys } = await findKeys(config, silent);
  const said = new Set([...allKeys.values()].map(({ key }) => baseOf(key)));
  // Picked from a table of keys, which the extraction does not follow.
  const named = sourcesIn('client/web', /(?<!test)\.tsx?$/).flatMap(({ source }) => [...source.matchAll(/'(\w+\.\w+)'/g)].map(([, key]) => key ?? ''));
  const written = new Set(flat(en).map(baseOf));

  it('are all in the catalogue', () => {
    expect(said.size).toBeGreaterThan(150);
    expect([...said].filter((key) => !written.has(key))).toEqual([]);
  });
  it('are all said somewhere', () => {
    expect([...written].filter((key) => !said.has(key) && !named.includes(key) && !BY_NAME.some((start) => key.startsWith(start)))).toEqual([]);
  });
  it('stand nowhere else: no sentence is in the source itself', async () => {
    const { files } = await runLinter(config);
    expect(files).toEqual({});
  });
});
