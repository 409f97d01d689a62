/** Who takes what this person's other devices tell this one. */
import type { Said } from '../contents.ts';
import type { Draft } from '../draft.ts';
import { takeBookmark, takeChoices, takeDraft, takeRead } from '../talk/seen.ts';
import { takePast } from './own-history.ts';
import { takeVerified } from '../verify/verifying.ts';
import { takeDevice } from './own-devices.ts';
import { isRoomOf, saidIn, type OwnWhat } from './own-room.ts';

type Kind = OwnWhat['case'];
/** The value is another device's: of the same person, and all the same to be looked at like anybody's. */
export type TakeOwn<K extends Kind> = (draft: Draft, value: Extract<OwnWhat, { case: K }>['value']) => void | Promise<void>;

/** One line a kind. */
const TAKES: { readonly [K in Kind]?: TakeOwn<K> } = {
  device: takeDevice,
  verified: takeVerified,
  read: takeRead,
  draft: takeDraft,
  bookmark: takeBookmark,
  choices: takeChoices,
  history: takePast,
};

export async function takeOwn({ draft, state, leaf, value }: Said<'own'>): Promise<void> {
  if (!isRoomOf(state, draft.device.member.key) || leaf.index === state.room.ownLeaf) return;
  for (const said of saidIn(value)) {
    const take = TAKES[said.case] as ((draft: Draft, value: unknown) => void | Promise<void>) | undefined;
    await take?.(draft, said.value);
  }
}
