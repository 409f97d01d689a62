/** Comparing the safety phrase with somebody, by voice or in person. */
import type { MemberId, RoomId } from '../api.ts';

/** `changed`: their phrase was compared, and since then a device of theirs came that was not known. */
export type Verified = 'no' | 'yes' | 'changed';

export interface SafetyPhrase {
  /** Six words, the same for both as long as both are shown the same devices in this room. */
  readonly words: readonly string[];
  readonly verified: Verified;
}

export interface VerifyCalls {
  /** @throws SessionFailure `unknown-room` | `not-a-member` | `room-inactive` */
  safetyPhrase(room: RoomId, member: MemberId): Promise<SafetyPhrase>;
  /**
   * The person compared these words with them, or takes that back; their other devices hear of it.
   * @param words those that were compared: should others hold by now, nothing is marked
   * @throws SessionFailure `phrase-differs`, and what safetyPhrase() throws
   */
  setVerified(room: RoomId, member: MemberId, words: readonly string[] | undefined): Promise<void>;
}
