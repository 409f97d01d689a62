/**
 * What a person does with the messages of one timeline, a room's or a thread's: its composer, its messages and their
 * dialogs meet here. The object stays the same while the room does, so that no message is drawn again for it.
 */
import { createContext, useCallback, useContext, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { MessageItem, MessagePlace, RoomSummary, Session } from '#core/session/api.ts';
import { TalkDialogs } from '../../app/later.ts';
import { codeOf } from '../../app/live.ts';
import { useNavigation } from '../../app/navigation.tsx';
import { useSession } from '../../app/session-context.tsx';
import { Later } from '../../components/Later.tsx';
import { useSay } from '../../components/Toasts.tsx';
import { actionsFor, type Action } from './actions.ts';

/** What the composer does with its text: answers a message, or changes one. */
export interface Answering {
  readonly how: 'reply' | 'edit';
  readonly item: MessageItem;
}
/** A question about a message, beside it or over everything. */
export interface Asked {
  readonly what: 'menu' | 'react' | 'forward' | 'history' | 'delete';
  readonly item: MessageItem;
  readonly beside: Element | undefined;
}
/** What the timeline can be asked for. */
export interface View {
  readonly show: (seq: number) => void;
  /** The last message this person may still change. */
  readonly lastOwn: () => MessageItem | undefined;
  readonly focus: () => void;
}
export interface Talk {
  readonly room: Pick<RoomSummary, 'id' | 'active' | 'mayWrite' | 'quiet'>;
  readonly thread: MessagePlace | undefined;
  readonly act: (action: Action, item: MessageItem, beside?: Element) => void;
  readonly react: (item: MessageItem, emoji: string, on: boolean) => void;
  readonly view: { current: View | undefined };
}

const TalkContext = createContext<Talk | undefined>(undefined);
const AnsweringContext = createContext<{ answering: Answering | undefined; answer: (next: Answering | undefined) => void }>({ answering: undefined, answer: () => undefined });

/** Undefined where messages stand outside a timeline, and only can be looked at. */
export const useTalk = (): Talk | undefined => useContext(TalkContext);
export const useAnswering = () => useContext(AnsweringContext);

interface Props {
  readonly room: RoomSummary;
  readonly thread?: MessagePlace | undefined;
  readonly children: ReactNode;
}

export function TalkProvider({ room: { id, active, mayWrite, quiet }, thread, children }: Props) {
  const [answering, answer] = useState<Answering>();
  const [asked, ask] = useState<Asked>();
  const view = useRef<View>(undefined);
  const attempt = useAttempt();
  const openThread = useThread(id);
  const { t } = useTranslation();
  const say = useSay();
  const talk = useMemo<Talk>(() => {
    const room = { id, active, mayWrite, quiet };
    const react: Talk['react'] = (item, emoji, on) => {
      const place = item.place;
      if (place) attempt((session) => session.react(id, place, emoji, on));
    };
    const act: Talk['act'] = (action, item, beside) => {
      const may = actionsFor(item, room, thread !== undefined);
      if (action === 'menu' ? may.length === 0 : !may.includes(action)) return;
      const place = item.place;
      switch (action) {
        case 'reply':
        case 'edit':
          return answer({ how: action, item });
        case 'thread':
          return place && openThread(place);
        case 'copy':
          return void navigator.clipboard.writeText(item.text).then(() => say(t('common.copied')), () => undefined);
        case 'bookmark':
          return place && attempt((session) => session.bookmark(id, place, !item.bookmarked), item.bookmarked ? t('timeline.unsaved') : t('timeline.saved'));
        case 'pin':
          return place && attempt((session) => session.pin(id, place, !item.pinned));
        default:
          return ask({ what: action, item, beside });
      }
    };
    return { room, thread, act, react, view };
  }, [id, active, mayWrite, quiet, thread, attempt, openThread, say, t]);
  const close = () => {
    ask(undefined);
    const { beside } = asked ?? {};
    // Whatever was pressed may be gone with the pointer: the message takes the focus back.
    requestAnimationFrame(() => document.activeElement === document.body && beside instanceof HTMLElement && beside.focus({ preventScroll: true }));
  };
  return (
    <TalkContext value={talk}>
      <AnsweringContext value={useMemo(() => ({ answering, answer }), [answering])}>
        {children}
        <Later over>{asked === undefined ? null : <TalkDialogs asked={asked} talk={talk} ask={ask} onClose={close} />}</Later>
      </AnsweringContext>
    </TalkContext>
  );
}

/** Does something at once, and says so where it failed. */
function useAttempt() {
  const session = useSession();
  const say = useSay();
  const { t } = useTranslation();
  return useCallback(
    (work: (session: Session) => Promise<unknown>, done?: string) =>
      void work(session).then(() => done !== undefined && say(done), (error: unknown) => say(t(`failure.${codeOf(error)}`), 'danger')),
    [session, say, t],
  );
}

function useThread(room: string) {
  const navigation = useNavigation();
  const latest = useRef(navigation);
  latest.current = navigation;
  return useCallback(
    (thread: MessagePlace) => {
      const { place, open, replace } = latest.current;
      const pane = { what: 'thread', thread } as const;
      (place.screen === 'room' && place.pane !== undefined ? replace : open)({ screen: 'room', room, pane });
    },
    [room],
  );
}
