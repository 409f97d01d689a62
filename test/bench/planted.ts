/** A device with a long past: rooms whose messages were put into its vault, as if they had come one page after the other. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from '@bufbuild/protobuf';
import { StoredItemSchema } from '#core/content/gen/thicket/vault/v1/vault_pb.ts';
import type { RoomId } from '#core/session/api.ts';
import { runBytes } from '#core/session/history.ts';
import type { VaultHome } from '#core/vault/port.ts';
import { sqliteVaultHome, VAULT_FILE } from '#core/vault/sqlite.ts';
import { fromHex, randomBytes } from '#shared/sodium.ts';
import { TEST_COST } from '../harness/memory-vault.ts';
import { foundHub, PASSPHRASE, type TestPerson } from '../harness/people.ts';
import { spawnRelay } from '../harness/relay.ts';

const A_PAGE = 100;
const FIRST_PLACE = 1_000;
const MINUTE_MS = 60_000;

export interface Planted {
  readonly alice: TestPerson;
  readonly home: VaultHome;
  readonly rooms: readonly RoomId[];
  /** Of the vault's file, bytes. */
  size(): number;
  stop(): Promise<void>;
}

/** @param counts messages of each room. @returns with the vault locked, and nothing of the past indexed */
export async function planted(counts: readonly number[], textOf: (number: number) => string): Promise<Planted> {
  const directory = mkdtempSync(join(tmpdir(), 'thicket-bench-past-'));
  const home = sqliteVaultHome(directory, { cost: TEST_COST });
  const relay = await spawnRelay();
  const alice = await foundHub(relay.foundingLink as string, 'alice', { home });
  const rooms: RoomId[] = [];
  for (const number of counts.keys()) rooms.push(await alice.session.createRoom(`Room ${number}`));
  const me = fromHex((await alice.session.overview()).me?.id ?? '') as Uint8Array;
  await alice.session.close();
  const vault = await home.open(PASSPHRASE);
  await vault.write([{ delete: { collection: 'search', scope: '', order: 0 } }]);
  const others = Array.from({ length: 40 }, () => randomBytes(32));
  const began = Date.now() - Math.max(...counts) * MINUTE_MS;
  for (const [index, count] of counts.entries()) {
    for (let first = 0; first < count; first += A_PAGE) {
      const items = Array.from({ length: Math.min(A_PAGE, count - first) }, (_, within) => {
        const number = first + within;
        return create(StoredItemSchema, {
          place: BigInt(FIRST_PLACE + number),
          item: { case: 'message', value: { id: randomBytes(16), sender: others[number % others.length] ?? me, sentAtMs: BigInt(began + number * MINUTE_MS), text: textOf(number * counts.length + index) } },
        });
      });
      await vault.write([{ put: { collection: 'messages', scope: rooms[index] as RoomId, order: Number(items.at(-1)?.place) }, value: runBytes(items) }]);
    }
  }
  await vault.close();
  return {
    alice, home, rooms,
    size: () => statSync(join(directory, VAULT_FILE)).size,
    async stop() {
      await alice.session.close();
      await relay.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Words as frequent as in a language: the second half as often as the first. The same for the same number. */
export function madeUpText(number: number): string {
  let state = (number * 2_654_435_761 + 12_345) >>> 0;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return Array.from({ length: 4 + Math.floor(next() * 20) }, () => wordAt(Math.floor(Math.exp(next() * Math.log(WORDS))))).join(' ');
}

const WORDS = 40_000;
const SYLLABLES = ['ka', 'lo', 'mi', 're', 'tu', 'sa', 'ne', 'vo', 'di', 'pra', 'ster', 'on', 'al', 'ber', 'ish', 'ing', 'tion', 'ed', 'go', 'ran'] as const;

/** @param rank 1 is the most frequent */
export function wordAt(rank: number): string {
  let word = '';
  for (let rest = rank + 400; rest > 0; rest = Math.floor(rest / SYLLABLES.length)) word += SYLLABLES[rest % SYLLABLES.length];
  return word;
}
