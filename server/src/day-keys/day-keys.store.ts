/** Which keys this database was sealed with: one-way checks, never a key; and what tells whose folder they lie in. */
import type { KeyName } from './key-folder.ts';

export interface DayKeysStore {
  /** Before anything is sealed with it. */
  note(name: KeyName): Promise<void>;
  /** Those that end after `today`. */
  noted(today: number): Promise<readonly KeyName[]>;
  /** Forgets those that end on or before `today`. */
  forget(today: number): Promise<void>;
}

/** What the folder of keys is known by. */
export interface FolderMarkStore {
  /** 32 secret bytes that were made with the database and never change. */
  seed(): Promise<Uint8Array>;
  /** Whether a folder was ever marked as this database's. */
  hasMarked(): Promise<boolean>;
  setMarked(): Promise<void>;
}
