/**
 * Opens the vault in argv[2] and writes batches until it is killed. A batch is three rows that belong together; its
 * number goes to standard output only after the vault said that it is there. Run by vault-crash.test.ts.
 */
import { randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import { utf8 } from '#shared/sodium.ts';
import { sqliteVaultHome } from '#core/vault/sqlite.ts';

const [directory = '', first = '0'] = process.argv.slice(2);
const vault = await sqliteVaultHome(directory, { patienceMs: 5000 }).open('a passphrase');
writeSync(1, 'open\n');
for (let n = Number(first); ; n += 1) {
  await vault.write([
    { put: { collection: 'messages', scope: 'room', order: n }, value: randomBytes(200 + (n % 7) * 3000) },
    { put: { collection: 'rooms', scope: 'room', order: 0 }, value: utf8(String(n)) },
    { put: { collection: 'cursor', scope: '0', order: 0 }, value: utf8(String(n)) },
  ]);
  writeSync(1, `${n}\n`);
}
