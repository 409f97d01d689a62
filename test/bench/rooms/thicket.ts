/** The piece on our own engine. What a device would write to its vault is encoded within the time taken. */
import { createMls } from '#core/mls/mls.ts';
import type { OwnKeyPackage, PendingCommit, Room, Suite } from '#core/mls/port.ts';
import { HUB, keyPackageOf, newRoom, nobodyObjects } from '../people.ts';
import type { Act, Stage } from './stage.ts';

const mls = createMls();

function persist(room: Room): void {
  const { tree, state } = mls.encode(room);
  if (tree.length === 0 || state.length === 0) throw new Error('nothing to keep');
}

export async function thicketStage(suite: Suite, members: number): Promise<Stage & { readonly commitBytes: () => number }> {
  const { mailbox, room } = await newRoom(suite);
  const newcomers: OwnKeyPackage[] = [];
  for (let i = 1; i < members; i += 1) newcomers.push(await keyPackageOf(`member ${i}`, suite));
  const everybody = await mls.add(room, newcomers.map(({ keyPackage }) => keyPackage));
  let alice = everybody.next;
  let latest: PendingCommit = everybody;
  let last = members - 1;
  const joining = async (index: number): Promise<Room> =>
    (await mls.join(everybody.welcomes[index] as Uint8Array, newcomers[index] as OwnKeyPackage, { mailbox, hub: HUB }, nobodyObjects)).room;
  let bob = await joining(0);
  let joined = 0;

  const committing = (make: () => Promise<PendingCommit>): Act => async () => {
    latest = await make();
    alice = latest.next;
    persist(alice);
  };
  return {
    commitBytes: () => latest.body.length,
    join: async () => {
      joined += 1;
      return async () => persist(await joining(joined));
    },
    update: async () => committing(() => mls.update(alice)),
    add: async () => {
      const { keyPackage } = await keyPackageOf('newcomer', suite);
      return committing(() => mls.add(alice, [keyPackage]));
    },
    remove: async () => committing(() => mls.remove(alice, [last--])),
    follow: async () => async () => {
      const opened = await mls.open(bob, 'commit', latest.body, nobodyObjects);
      if (opened.kind !== 'commit') throw new Error(opened.kind);
      bob = opened.next;
      persist(bob);
    },
  };
}
