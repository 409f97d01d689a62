/** Looking for words in everything a device holds, beside reading all of it through. */
import type { SearchRequest } from '#core/session/api.ts';
import { readHistory } from '#core/session/history.ts';
import { sodiumReady } from '#shared/sodium.ts';
import { PASSPHRASE } from '../../harness/people.ts';
import { median } from '../measure.ts';
import { madeUpText, planted, wordAt, type Planted } from '../planted.ts';
import type { Area, Row } from '../results.ts';

const ROOMS = 5;
const ROUNDS = 9;
const COMMON = wordAt(3);
const RARE = wordAt(30_011);
const SEARCHES: readonly (readonly [string, Partial<SearchRequest>])[] = [
  ['one letter', { text: COMMON.slice(0, 1) }],
  ['two letters', { text: COMMON.slice(0, 2) }],
  ['a frequent word', { text: COMMON }],
  ['two words, the second half typed', { text: `${COMMON} ${wordAt(40).slice(0, 3)}` }],
  ['a rare word', { text: RARE }],
  ['a word that is not there', { text: 'zzyzx' }],
  ['a frequent word of the last week, with a filter', { text: COMMON, since: Date.now() - 7 * 86_400_000 }],
  ['a phrase', { text: `"${COMMON} ${wordAt(5)}"` }],
];

export async function search(quick: boolean): Promise<Area> {
  await sodiumReady();
  const messages = quick ? 10_000 : 100_000;
  const past = await planted(Array.from({ length: ROOMS }, () => messages / ROOMS), madeUpText);
  try {
    const { session } = past.alice;
    const plainly = await scan(past, 'nothing');
    await session.unlock(PASSPHRASE);
    const indexing = await timed(() => session.search({ text: COMMON }, { whole: true }));
    const [index, all] = await sizes(past);
    await session.unlock(PASSPHRASE);
    const first = await timed(() => session.search({ text: COMMON }));
    const rows: Row[] = [
      { what: 'the first search after unlocking', unit: 'ms', thicket: first, peer: plainly },
    ];
    for (const [what, request] of SEARCHES) {
      const times: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) times.push(await timed(() => session.search({ text: '', ...request })));
      rows.push({ what, unit: 'ms', thicket: median(times), peer: plainly });
    }
    rows.push({ what: 'the index in the vault, beside the messages', unit: 'KB', thicket: index / 1000, peer: all / 1000 });
    return {
      name: 'search', title: `Searching ${messages.toLocaleString('en')} messages`,
      peer: 'reading all messages of the same vault through, from its file, looking for a word in each',
      how: [
        `${ROOMS} rooms with ${messages / ROOMS} messages of 4 to 23 words each, out of 40,000 words as frequent as in a language, planted into a vault in a SQLite file. Medians of ${ROUNDS} searches of 30 hits; the first after unlocking once.`,
        `Indexing all of it from nothing took ${(indexing / 1000).toFixed(1)} s in the background, in turns of a millisecond or two.`,
      ],
      rows,
    };
  } finally {
    await past.stop();
  }
}

/** Milliseconds. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** Of a vault that is locked, or is locked for it. @returns milliseconds */
async function scan({ home, rooms }: Planted, word: string): Promise<number> {
  const vault = await home.open(PASSPHRASE);
  let found = 0;
  const taken = await timed(async () => {
    for (const room of rooms) {
      for (const { item } of await readHistory(vault, room)) if (item.case === 'message' && item.value.text.toLowerCase().includes(word)) found += 1;
    }
  });
  await vault.close();
  if (found > 0) throw new Error('this word is in no message');
  return taken;
}

/** Bytes of the index and of the messages. */
async function sizes({ alice, home, rooms }: Planted): Promise<[index: number, messages: number]> {
  await alice.session.lock();
  const vault = await home.open(PASSPHRASE);
  const sum = (entries: readonly { value: Uint8Array }[]) => entries.reduce((bytes, { value }) => bytes + value.length, 0);
  const index = sum(await vault.all('search'));
  let messages = 0;
  for (const room of rooms) messages += sum(await vault.range('messages', room));
  await vault.close();
  return [index, messages];
}
