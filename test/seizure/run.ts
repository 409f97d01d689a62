/** A life and its seizure, from the first day to the table, with everything taken away again. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Life, live } from './fortnight.ts';
import { minutesLater } from './later.ts';
import { backUp, type Backup, seize, type Seizure } from './seizing.ts';

export async function livedAndSeized(life: Omit<Life, 'onBackup'> & { readonly clocks: boolean }): Promise<Seizure> {
  const copies = mkdtempSync(join(tmpdir(), 'thicket-seizure-backup-'));
  let backup: Backup | undefined;
  const stage = await live({
    ...life,
    onBackup: async (so) => {
      backup = await backUp(so, join(copies, 'database'));
    },
  });
  try {
    const seizure = await seize(stage, backup, life.clocks);
    return life.clocks ? { ...seizure, rows: [...seizure.rows, ...(await minutesLater(stage))] } : seizure;
  } finally {
    await stage.end();
    rmSync(copies, { recursive: true, force: true });
  }
}
