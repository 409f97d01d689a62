/** Joining, committing and removing in rooms of 100 and 1,000, beside OpenMLS in WASM. */
import { sodiumReady } from '#shared/sodium.ts';
import { inTurns, median, type Side, type Timing } from '../measure.ts';
import { versionOf } from '../peers.ts';
import type { Area, Row } from '../results.ts';
import { coreCryptoStage } from './core-crypto.ts';
import type { Act, Stage } from './stage.ts';
import { thicketStage } from './thicket.ts';

/** What is timed, in the order in which it is played; a commit is made before it is followed. */
const ACTS = [
  ['join', 'join'],
  ['update', 'update: make the commit'],
  ['follow', 'update: process the commit'],
  ['add', 'add one: make the commit'],
  ['follow', 'add one: process the commit'],
  ['remove', 'remove one: make the commit'],
  ['follow', 'remove one: process the commit'],
] as const satisfies readonly (readonly [keyof Stage, string])[];

const TARGET = { speed: 3, says: '3 times faster at 1,000 members' };

export async function rooms(quick: boolean): Promise<Area> {
  await sodiumReady();
  const rows = [...(await ofSize(100, quick ? 3 : 11)), ...(quick ? [] : await ofSize(1000, 7))];
  return {
    name: 'rooms',
    title: 'Joining, committing and removing',
    peer: `OpenMLS in WASM (@wireapp/core-crypto ${versionOf('@wireapp/core-crypto')}, suite 0x0003)`,
    how: [
      'Rooms made by one addition of everybody, so that the tree is flat and commits are at their largest; medians of 11 rounds at 100 members and 7 at 1,000, the sides taking turns.',
      'Thicket\'s times hold the outer seal, the comparison of the old tree with the new, and encoding the whole room for the vault; core-crypto\'s hold its transaction on a database in memory.',
      'core-crypto has no post-quantum suite, so both of ours stand beside its classical one.',
      'core-crypto needs a `window` and a `fetch` of its own file, which the bench lends it.',
    ],
    rows,
  };
}

async function ofSize(members: number, rounds: number): Promise<Row[]> {
  const played = rounds + 1;
  const peer = await coreCryptoStage(members, played).catch((error: unknown) => String(error));
  const stages = [await thicketStage('xwing', members), await thicketStage('classical', members), ...(typeof peer === 'string' ? [] : [peer])];
  const times = await play(stages, played);
  return ACTS.flatMap(([, what], act) => {
    const [xwing, classical, theirs] = times[act] ?? [];
    return ([['X-Wing', xwing], ['classical', classical]] as const).flatMap(([suite, ours]): Row[] => ours === undefined ? [] : [{
      what: `${members.toLocaleString('en')} members, ${what}, ${suite}`, unit: 'ms', thicket: ours.wall, peer: theirs?.wall,
      cpu: { thicket: ours.cpu, peer: theirs?.cpu },
      ...(typeof peer === 'string' ? { missing: peer } : {}),
      ...(members === 1000 ? { target: TARGET } : {}),
    }]);
  });
}

/** Every stage plays every act in turn. @returns by act, by stage: the medians over all rounds but the first, which warms */
async function play(stages: readonly Stage[], rounds: number): Promise<Timing[][]> {
  const taken = ACTS.map(() => stages.map((): Timing[] => []));
  for (let round = 0; round < rounds; round += 1) {
    for (const [act, [name]] of ACTS.entries()) {
      const sides = stages.map((stage): Side => {
        let run: Act;
        return { operations: 1, prepare: async () => void (run = await stage[name]()), run: () => run() };
      });
      const timings = await inTurns(sides, 1);
      if (round > 0) timings.forEach((timing, stage) => taken[act]?.[stage]?.push(timing));
    }
  }
  return taken.map((byStage) => byStage.map(medians));
}

const medians = (timings: readonly Timing[]): Timing => ({
  wall: median(timings.map(({ wall }) => wall)), cpu: median(timings.map(({ cpu }) => cpu)),
});
