/** The calls of backup that need an open device. What they do is loaded when it is first asked for. */
import type { BackupCalls, FileSink } from '../api.ts';
import type { Device } from '../device.ts';

export const backupCalls = (device: () => Device): Pick<BackupCalls, 'backupState' | 'newRecoveryPhrase' | 'writeBackup' | 'fetchBackup'> => ({
  backupState: async () => (await writing()).backupState(device()),
  newRecoveryPhrase: async () => (await writing()).newRecoveryPhrase(),
  writeBackup: async (sink, words, transfer) => (await writing()).writeBackup(device(), sink, words, transfer),
  fetchBackup: async (words, transfer) => {
    const parts: BlobPart[] = [];
    const sink: FileSink = {
      size: async () => 0,
      read: async () => new Uint8Array(0),
      write: async (_from, bytes) => void parts.push(Uint8Array.from(bytes)),
    };
    await (await writing()).writeBackup(device(), sink, words, transfer);
    return new Blob(parts);
  },
});

const writing = () => import('./writing.ts');
