/** A backup under a recovery phrase, and a new device from one. */
import { rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from '../command.ts';
import { LocalSink, localSource } from '../disk.ts';
import { CliFailure } from '../failure.ts';
import { plainLine } from '../output.ts';

/** The words, in any case, with anything between them. */
const RECOVERY = 'THICKET_RECOVERY';

export const backup: Command = {
  words: ['backup'],
  places: ['FOLDER'],
  flags: [],
  help: 'Write a backup of this profile into FOLDER, and show the twelve words that open it, once. Write them down: nobody else has them.',
  needs: 'open',
  async run({ session, out, places: [folder = ''] }) {
    const path = join(folder, `thicket-backup-${new Date().toISOString().slice(0, 10)}.thicket`);
    if ((await stat(path).catch(() => undefined)) !== undefined) throw new CliFailure('usage', `${plainLine(path)} is there already.`);
    const words = await session.newRecoveryPhrase();
    const sink = new LocalSink(`${path}.part`);
    try {
      await session.writeBackup(sink, words);
    } finally {
      await sink.close();
    }
    await rename(`${path}.part`, path);
    out.say({ saved: path, words }, `Saved ${plainLine(path)}. Its words:\n\n  ${words.join(' ')}\n`);
    out.tell('Whoever has the file and the words can be you. Keep them apart.');
  },
};

export const restore: Command = {
  words: ['restore'],
  places: ['PATH'],
  flags: [],
  help: `Make this profile from a backup; ${RECOVERY} in the environment has its twelve words.`,
  needs: 'new',
  async run({ session, out, places: [path = ''], passphrase }) {
    const words = (process.env[RECOVERY] ?? '').toLowerCase().split(/[^a-z]+/u).filter(Boolean);
    await session.restoreBackup(await localSource(path), words, { passphrase });
    const { me, hubName } = await session.overview();
    out.say({ restored: true, hub: hubName, name: me?.name, fingerprint: me?.fingerprint }, `You are ${plainLine(me?.name ?? '')} again. Your rooms can be read; somebody has to bring you back into them.`);
  },
};
