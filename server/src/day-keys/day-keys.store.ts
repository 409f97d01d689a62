/** Which keys this database was sealed with: one-way checks, never a key. */
import type { KeyName } from './key-folder.ts';

export interface DayKeysStore {
  /** Before anything is sealed with it. */
  note(name: KeyName): Promise<void>;
  /** Those that end after `today`. */
  noted(today: number): Promise<readonly KeyName[]>;
  /** Forgets those that end on or before `today`. */
  forget(today: number): Promise<void>;
}
