/** Cards of the people in a room, handed on by whoever added somebody. */
import { isNewer, readCard } from '../domain/people.ts';
import { ed25519Verify, hex } from '#shared/sodium.ts';
import type { Said } from './contents.ts';
import { namedMember } from './judging.ts';
import { takeHandedOn } from './profiles/profiles.ts';

export function takeCards({ draft, state, value: { cards, profiles } }: Said<'cards'>): void {
  takeHandedOn(draft, state, profiles);
  const inRoom = new Set(state.room.leaves.map((leaf) => hex(namedMember(leaf))));
  for (const signed of cards) {
    const card = readCard(signed, draft.device.hub, ed25519Verify);
    const id = card && hex(card.facts.memberKey);
    if (card === undefined || id === undefined || !inRoom.has(id) || !isNewer(card, draft.people.get(id))) continue;
    draft.people.set(id, card);
    if (id === draft.device.memberId) draft.setProfile({ card: card.signed });
    draft.emit({ changed: 'people' });
    draft.emit({ changed: 'timeline', room: state.id });
  }
}
