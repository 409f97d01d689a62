/**
 * A member as a process: opens the vault in the folder it is given, and until somebody ends it writes to a room, adds
 * dave and removes him again. Each message the relay acknowledged is told on standard output, and only then; what the
 * relay is shown is told before.
 *
 *   node --conditions=thicket-source member-process.ts work <folder> <room> <dave's member id>
 *   node --conditions=thicket-source member-process.ts settle <folder> <room>     sends what is left, prints what it read, ends by itself
 */
import { createMls } from '#core/mls/mls.ts';
import { createRelay } from '#core/relay/http.ts';
import { SessionFailure, type Session } from '#core/session/api.ts';
import { openSession } from '#core/session/open.ts';
import { sqliteVaultHome } from '#core/vault/sqlite.ts';
import { randomBytes } from 'node:crypto';
import { TEST_COST } from '../harness/memory-vault.ts';
import { QUICK_PACE } from '../harness/pace.ts';
import { PASSPHRASE, until } from '../harness/people.ts';
import { watchedFetch, watchedMls } from '../harness/shown.ts';

const [, , what, folder = '', room = '', dave = ''] = process.argv;

/** A pipe: what is written to it is out when this returns. */
const tell = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

const session = await openSession({
  home: sqliteVaultHome(folder, { cost: TEST_COST }), relayAt: (origin) => createRelay(origin, { fetch: watchedFetch(tell) }),
  mls: watchedMls(createMls(), tell), live: what === 'work', pace: QUICK_PACE,
});
await session.unlock(PASSPHRASE);
tell({ opened: true });
if (what === 'work') await Promise.all([write(session), change(session)]);
else await settle(session);

async function write(session: Session): Promise<void> {
  // Named by chance: a process that was killed cannot know how far it had come.
  const run = randomBytes(4).toString('hex');
  for (let n = 1; ; n += 1) {
    const text = `vera ${run} ${n}`;
    const id = await session.send(room, text);
    await session.delivered(room, id);
    tell({ acknowledged: id, text });
  }
}

async function change(session: Session): Promise<void> {
  for (;;) {
    for (const step of [() => session.addMember(room, dave), () => session.renewKeys(room), () => session.removeMember(room, dave)]) {
      await step().catch((failure: unknown) => {
        // A run before this one may have got this far already.
        if (!(failure instanceof SessionFailure) || !['already-member', 'not-a-member'].includes(failure.code)) throw failure;
      });
      tell({ changed: true });
    }
  }
}

async function settle(session: Session): Promise<void> {
  const timeline = async () => (await session.timeline(room, { limit: 1_000_000 })).items;
  await until(async () => {
    await session.catchUp();
    return (await timeline()).every((item) => item.kind !== 'message' || item.state !== 'sending');
  }, 'what is left to leave', 60_000);
  await session.catchUp();
  tell({ me: (await session.overview()).me, rooms: await session.rooms(), members: await session.members(room), items: await timeline() });
  await session.close();
}
