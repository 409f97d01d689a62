/** A backup under a recovery phrase, bringing it back, and coming back into the rooms. */
import type { FileSink, FileSource, TransferId } from './files.ts';

export interface BackupState {
  /** Days since 1970 of the last one this device made; undefined: none. */
  readonly lastDay: number | undefined;
  /** Worth a calm word: there is none, or it is older than three months. */
  readonly due: boolean;
}

export interface BackupCalls {
  backupState(): Promise<BackupState>;
  /** Twelve fresh words. They are kept nowhere: whoever is to have them has to write them down. */
  newRecoveryPhrase(): Promise<readonly string[]>;
  /**
   * Everything this device knows of the past, and who the person is, sealed under the words. Works without a connection.
   * `done` and `total` of its transfer count rooms.
   * @throws SessionFailure `bad-recovery-phrase` | `file-unwritable`
   */
  writeBackup(sink: FileSink, words: readonly string[], transfer?: TransferId): Promise<void>;
  /** The same into memory, or what a browser makes of that. */
  fetchBackup(words: readonly string[], transfer?: TransferId): Promise<Blob>;
  /**
   * On a device without a profile: makes one from a backup. Its rooms are there as a past that can be read; it is a new device
   * of the same person, which somebody has to add to the rooms again.
   * @throws SessionFailure `vault-exists` | `not-a-backup` | `bad-recovery-phrase` | `wrong-recovery-phrase` | `archive-damaged` | `archive-newer` | `weak-passphrase`
   */
  restoreBackup(source: FileSource, words: readonly string[], options: { passphrase: string; transfer?: TransferId }): Promise<void>;
  /**
   * Asks, with an ordinary invitation of somebody who may invite, to be let in again with this device, as the same person.
   * Stage becomes `waiting` until they have compared the phrase.
   * @throws SessionFailure `bad-link` | `link-of-other-hub` | `wrong-passphrase` (then the vault is locked, and waits for it)
   */
  comeBack(link: string, options: { passphrase: string }): Promise<{ phrase: readonly string[] }>;
  /**
   * Takes comeBack() back, or is done with its refusal: the device is as it was before, with its past to read. Where the link
   * led to another address than the hub had, the vault is locked.
   */
  stopAsking(): Promise<void>;
}
