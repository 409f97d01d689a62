/** What can be done with a message, by whom, and with which key. Pure. */
import type { MessageItem, RoomSummary } from '#core/session/api.ts';

export type Action = 'reply' | 'thread' | 'react' | 'edit' | 'copy' | 'bookmark' | 'pin' | 'forward' | 'history' | 'delete' | 'menu';


/** In the order of a menu. */
export function actionsFor(item: MessageItem, room: Pick<RoomSummary, 'active' | 'mayWrite'>, inThread: boolean): readonly Action[] {
  if (item.deletedBy !== undefined) return [];
  const placed = item.seq !== undefined;
  const writes = room.active && room.mayWrite && placed;
  const can: Record<Exclude<Action, 'menu'>, boolean> = {
    reply: writes,
    thread: placed && !inThread && (writes || item.thread !== undefined),
    react: room.active && placed,
    edit: room.active && placed && item.may.edit && item.file === undefined,
    copy: item.text !== '',
    bookmark: placed,
    pin: room.active && placed && item.may.pin,
    forward: placed,
    history: item.edited,
    delete: item.may.delete && (room.active || !placed),
  };
  return (Object.keys(can) as (keyof typeof can)[]).filter((action) => can[action]);
}

const KEYS: Readonly<Record<string, Action>> = {
  r: 'reply', t: 'thread', '+': 'react', e: 'edit', c: 'copy', s: 'bookmark', p: 'pin', f: 'forward', h: 'history', Delete: 'delete', Backspace: 'delete', Enter: 'menu', ContextMenu: 'menu',
};
type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>;
/** What a key asks for while a message has the focus. */
export const actionOf = ({ key, ctrlKey, metaKey, altKey }: Pressed): Action | undefined =>
  ctrlKey || metaKey || altKey ? undefined : (KEYS[key] ?? KEYS[key.toLowerCase()]);

/** As printed on keyboards, for menus and the list of keys. */
export const KEY_OF: Readonly<Partial<Record<Action, string>>> = {
  reply: 'R', thread: 'T', react: '+', edit: 'E', copy: 'C', bookmark: 'S', pin: 'P', forward: 'F', history: 'H', delete: 'Del',
};
