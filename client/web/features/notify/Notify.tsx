/** Mounted while the app is open and its person wants to be told, or shown a number: what it shows goes when it is locked. */
import { useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { RoomSummary } from '#core/session/api.ts';
import { useNavigation } from '../../app/navigation.tsx';
import { usePreferences, type Badge, type NotifyLevel } from '../../app/preferences.ts';
import { useRooms, useSession } from '../../app/session-context.tsx';
import { markTitle } from '../../app/title.ts';
import { askingInAll } from './news.ts';
import { mayNotify, onPressed, show, takeAway } from './shown.ts';
import { isLookedAt, useLookedAt, useTells } from './tabs.ts';
import { Teller } from './teller.ts';
import { wordsOf } from './wording.ts';

export function Notify() {
  const { notify, badge } = usePreferences();
  const tells = useTells();
  const rooms = useRooms().value;
  useLookedAt(takeAllAway);
  useBadge(badge, tells, rooms);
  // Known from before: what comes while another choice takes hold is news all the same.
  return tells && notify !== 'off' && rooms !== undefined ? <Telling key={notify} level={notify} rooms={rooms} /> : null;
}

const takeAllAway = (): void => void takeAway().catch(() => undefined);

interface Told {
  readonly level: Exclude<NotifyLevel, 'off'>;
  readonly rooms: readonly RoomSummary[];
}

function Telling({ level, rooms }: Told) {
  const { t } = useTranslation();
  const session = useSession();
  const { place, open, replace } = useNavigation();
  const telling = useRef<Teller>(undefined);
  const words = useRef(t);
  words.current = t;
  const goTo = useRef(open);
  goTo.current = place.screen === 'room' ? replace : open;

  useEffect(() => {
    const teller = new Teller({
      session, isLookedAt, takeAway, reads: level !== 'bare',
      words: (room, message) => wordsOf(level, room, message, words.current),
      show: async (tag, said, aloud) => {
        if (mayNotify()) await show(tag, said, aloud);
      },
      newTag: () => crypto.randomUUID(),
      now: () => Date.now(),
    });
    telling.current = teller;
    const stopHearing = onPressed((tag) => {
      const room = teller.roomOf(tag);
      if (room !== undefined) goTo.current({ screen: 'room', room });
      return room !== undefined;
    });
    return () => {
      stopHearing();
      telling.current = undefined;
      void teller.stop().catch(() => undefined);
    };
  }, [session, level]);
  useEffect(() => {
    telling.current?.look(rooms);
  }, [rooms]);
  // As far as it still can: a page that ends is not waited for.
  useEffect(() => {
    addEventListener('pagehide', takeAllAway);
    return () => removeEventListener('pagehide', takeAllAway);
  }, []);
  return null;
}

/** @param alone one tab sets the icon's; the title is each tab's own */
function useBadge(badge: Badge, alone: boolean, rooms: readonly RoomSummary[] | undefined): void {
  const asking = useMemo(() => (badge === 'off' || rooms === undefined ? 0 : askingInAll(rooms)), [badge, rooms]);
  useEffect(() => {
    markTitle(asking === 0 ? '' : badge === 'dot' ? '• ' : `(${asking > 99 ? '99+' : asking}) `);
    return () => markTitle('');
  }, [asking, badge]);
  useEffect(() => {
    if (!alone || !('setAppBadge' in navigator)) return;
    const set = asking === 0 ? navigator.clearAppBadge() : navigator.setAppBadge(...(badge === 'dot' ? [] : [asking]));
    set.catch(() => undefined);
    return () => void navigator.clearAppBadge().catch(() => undefined);
  }, [asking, badge, alone]);
}
