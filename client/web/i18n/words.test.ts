/** Nobody ever reads a raw code: everything the session can say has words, in every catalogue. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const folder = new URL('.', import.meta.url);
const contract = new URL('../../core/session/', folder);
const api = ['api.ts', ...readdirSync(new URL('api/', contract)).map((name) => `api/${name}`)].map((name) => readFileSync(new URL(name, contract), 'utf8')).join('\n');
const catalogues = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);
type Words = { readonly [key: string]: string | Words };
const read = (language: string): Words => Object.fromEntries(readdirSync(new URL(`${language}/`, folder)).filter((name) => name.endsWith('.json'))
  .map((name) => [name.replace('.json', ''), JSON.parse(readFileSync(new URL(`${language}/${name}`, folder), 'utf8')) as Words]));

/** The literals of a union type of the contract, read from its source: types are gone when tests run. */
function literals(type: string): readonly string[] {
  const declaration = new RegExp(`export type ${type} =([^;]*(?:\\{[^}]*\\}[^;]*)*);`).exec(api)?.[1] ?? '';
  return [...declaration.matchAll(/'([\w-]+)'/g)].map((match) => match[1] as string);
}
const events = [...new Set([...(/export type RoomEvent =([^]*?)\nexport/.exec(api)?.[1] ?? '').matchAll(/what: ((?:'[\w-]+'(?: \| )?)+)/g)]
  .flatMap((match) => [...(match[1] as string).matchAll(/'([\w-]+)'/g)].map((literal) => literal[1] as string)))];

const flat = (words: Words, path = ''): readonly string[] =>
  Object.entries(words).flatMap(([key, value]) => (typeof value === 'string' ? [`${path}${key}`] : flat(value, `${path}${key}.`)));

const texts = (words: Words, path = ''): Map<string, string> =>
  new Map(Object.entries(words).flatMap(([key, value]) => (typeof value === 'string' ? [[`${path}${key}`, value] as const] : [...texts(value, `${path}${key}.`)])));

describe.each(catalogues)('the words of %s', (name) => {
  const keys = new Set(flat(read(name)));

  it('the contract was read', () => {
    expect(literals('SessionFailureCode').length).toBeGreaterThan(30);
    expect(events.length).toBeGreaterThan(7);
  });
  it.each(literals('SessionFailureCode'))('tell the failure %s', (code) => expect(keys).toContain(`failure.${code}`));
  it.each(literals('RefusedReason'))('tell why a change was refused: %s', (reason) => expect(keys).toContain(`refused.${reason}`));
  it.each(literals('AlarmKind'))('tell the alarm %s', (what) => expect(keys).toContain(`alarm.${what}`));
  it.each(literals('Connection'))('tell the connection %s', (state) => expect(keys).toContain(`connection.${state}`));
  it.each(literals('MessageState'))('tell that a message is %s', (state) => expect(keys).toContain(`timeline.${state}`));
  it.each(events)('tell the event %s', (event) => {
    expect(keys).toContain(`event.${event}`);
    if (event !== 'hidden-record') expect(keys).toContain(`event.${event}_me`);
  });
  it('tell a refused change by somebody unknown', () => expect(keys).toContain('event.refused-change_unknown'));

  it('hold no word of the machinery', () => {
    const said = JSON.stringify(read(name)).replaceAll(/"[\w-]+":/g, '');
    expect(said).not.toMatch(/\b(key package|epoch|MLS|relay|mailbox|cipher|ratchet|commit|protocol|vault)\b/i);
  });
  it('have the same keys as the English ones, with the plurals of their own language', () => {
    const english = flat(read('en'));
    const plurals = new Intl.PluralRules(name).resolvedOptions().pluralCategories;
    const counted = new Set(english.filter((key) => key.endsWith('_other')).map((key) => key.replace(/_other$/, '')));
    const wanted = english.flatMap((key) => {
      const base = key.replace(/_(?:one|other)$/, '');
      if (!counted.has(base)) return [key];
      return key.endsWith('_other') ? plurals.map((form) => `${base}_${form}`) : [];
    });
    expect([...keys].toSorted()).toEqual([...new Set(wanted)].toSorted());
  });
  it('call a button by what stands on it, and more: who speaks to their device says what they see', () => {
    const all = texts(read(name));
    const pairs = [...all].flatMap(([key, label]) => {
      const seen = key.endsWith('Of') ? all.get(key.slice(0, -2)) : undefined;
      return seen === undefined ? [] : [[seen.toLowerCase(), label.toLowerCase()] as const];
    });
    expect(pairs.length).toBeGreaterThan(2);
    expect(pairs.filter(([seen, label]) => !label.includes(seen))).toEqual([]);
  });
  it('fill in what the English ones fill in', () => {
    const blanks = (text: string) => [...new Set([...text.matchAll(/{{\s*(\w+)\s*}}|<\/?(\w+)>/g)].map(([all]) => all))].filter((blank) => blank !== '{{count}}').toSorted();
    const [words, english] = [texts(read(name)), texts(read('en'))];
    const other = [...words].filter(([key, text]) => {
      const model = english.get(key) ?? english.get(key.replace(/_(?:zero|one|two|few|many)$/, '_other'));
      return String(blanks(text)) !== String(blanks(model ?? ''));
    });
    expect(other).toEqual([]);
  });
  it.skipIf(name === 'en')('leave no sentence in English', () => {
    const english = texts(read('en'));
    expect([...texts(read(name))].filter(([key, text]) => text === english.get(key) && /[a-z]+ [a-z]+ [a-z]+/.test(text))).toEqual([]);
  });
});
