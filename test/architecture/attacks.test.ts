/** Every attack the threat model claims to withstand has a test that carries its number. */
import { expect, it } from 'vitest';
import { sourcesIn } from './sources.ts';

/** The numbers of docs/threat-model.md's attack table that this version shows. Add one here with its test. */
const SHOWN = ['01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12', '13', '14', '15', '16', '17', '18', '19', '20', '22', '23', '24', '25', '26', '27', '28', '32', '33', '34', '35'];

const NAMES = /\b(?:it|test|describe)(?:\.each\([^)]*\)|\.for\([^)]*\))?\(\s*(['"`])(.*?)\1/gs;

/** @returns the attack numbers that stand in the names of tests */
const attacksNamedIn = (source: string): string[] =>
  [...source.matchAll(NAMES)].flatMap(([, , name]) => [...(name ?? '').matchAll(/\battack (\d\d)\b/g)].map(([, number]) => number ?? ''));

it('has a test for every attack it names', () => {
  const sources = ['test', 'client', 'server'].flatMap((folder) => sourcesIn(folder, /\.(test|long)\.tsx?$/))
    .filter(({ path }) => !path.startsWith('test/architecture/'));
  const named = new Set(sources.flatMap(({ source }) => attacksNamedIn(source)));
  expect(SHOWN.filter((number) => !named.has(number))).toEqual([]);
});

it('reads numbers from the names of tests only', () => {
  expect(attacksNamedIn(`it('attack 07: swapped records', () => {}); // attack 08\nconst a = 'attack 09';`)).toEqual(['07']);
  expect(attacksNamedIn('describe(`attack 10, on both suites`, () => {})')).toEqual(['10']);
  expect(attacksNamedIn(`it.each(['xwing', 'classical'])('attack 11 with %s', () => {})`)).toEqual(['11']);
});
