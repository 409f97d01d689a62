/**
 * Opens the vault in the folder it is given, writes a message, follows the log for a moment, closes, and does nothing to
 * end itself: whatever the session leaves running keeps the process alive.
 *
 *   node --conditions=thicket-source closing-process.ts <folder> <room>
 */
import { createMls } from '#core/mls/mls.ts';
import { createRelay } from '#core/relay/http.ts';
import { openSession } from '#core/session/open.ts';
import { sqliteVaultHome } from '#core/vault/sqlite.ts';
import { TEST_COST } from '../harness/memory-vault.ts';
import { QUICK_PACE } from '../harness/pace.ts';
import { PASSPHRASE } from '../harness/people.ts';

const [, , folder = '', room = ''] = process.argv;
const session = await openSession({
  home: sqliteVaultHome(folder, { cost: TEST_COST }), relayAt: (origin) => createRelay(origin), mls: createMls(), live: true, pace: QUICK_PACE,
});
await session.unlock(PASSPHRASE);
await session.send(room, 'on my way out');
// Whoever waits when the session closes is told, one way or the other.
void session.catchUp().catch(() => undefined);
await new Promise((resolve) => setTimeout(resolve, 500));
const began = Date.now();
await session.close();
process.stdout.write(JSON.stringify({ closedAfterMs: Date.now() - began, at: Date.now() }));
