/**
 * Members who renew their keys again and again, faster than anybody else can change the room. Each renewal is allowed, and
 * takes the place of whatever others were about to do: so somebody who is to be removed could keep that from ever happening.
 */
import type { MemberId, RoomId } from '../api.ts';
import { hex } from '#shared/sodium.ts';
import { namedMember } from '../judging.ts';
import type { RoomChange } from '../../mls/port.ts';
import { sameBytes } from '../../domain/signing.ts';

/** So many in a row, with no other change between, nobody makes by chance. */
const FLOOD = 3;

export class Renewals {
  readonly #rows = new Map<RoomId, { readonly by: MemberId; readonly count: number }>();

  note(room: RoomId, { committer, added, removed, settingsBefore, settingsAfter }: RoomChange): void {
    const by = hex(namedMember(committer));
    const row = this.#rows.get(room);
    const isRenewal = added.length === 0 && removed.length === 0 && sameBytes(settingsBefore, settingsAfter);
    if (!isRenewal) this.#rows.delete(room);
    else this.#rows.set(room, { by, count: row?.by === by ? row.count + 1 : 1 });
  }

  isFlooding(room: RoomId, member: MemberId): boolean {
    const row = this.#rows.get(room);
    return row?.by === member && row.count >= FLOOD;
  }
}
