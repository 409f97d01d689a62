/** What a notification says, by how much its person lets it say. */
import type { TFunction } from 'i18next';
import type { MessageItem, Person, RoomSummary, TimelineItem } from '#core/session/api.ts';
import type { NotifyLevel } from '../../app/preferences.ts';
import { plainWords } from '../marks/plain-words.ts';
import type { Tidings } from './news.ts';

export interface Said {
  readonly title: string;
  readonly body?: string;
}

/** The message that a notification speaks of: the newest of what is new, and where only mentions are told, the newest that names this person. */
export function spokenOf({ room, fresh }: Pick<Tidings, 'room' | 'fresh'>, items: readonly TimelineItem[]): MessageItem | undefined {
  if (fresh === 0) return undefined;
  const messages = items.filter((item) => item.kind === 'message').filter(({ sender, deletedBy }) => !sender.isMe && deletedBy === undefined);
  return messages.slice(-fresh).findLast(({ namesMe }) => room.notify === 'all' || namesMe);
}

/** @param message undefined: it could not be read, or is there no more */
export function wordsOf(level: Exclude<NotifyLevel, 'off'>, room: RoomSummary, message: MessageItem | undefined, t: TFunction): Said {
  if (level === 'bare') return { title: t('notify.newMessage') };
  if (message === undefined) return { title: room.name, body: t('notify.newMessage') };
  const name = nameOf(message.sender);
  const [toMe, inThread] = [message.namesMe, message.place?.thread !== undefined];
  // What vanishes here would stay where the device keeps its notifications.
  if (level === 'names' || message.vanishesAt !== undefined) return { title: room.name, body: toMe ? t('notify.toYou', { name }) : inThread ? t('notify.inThread', { name }) : name };
  const text = plainWords(message.text, message.mentions);
  if (text === '') return { title: room.name, body: t('notify.file', { name }) };
  return { title: room.name, body: toMe ? t('notify.saidToYou', { name, text }) : inThread ? t('notify.saidInThread', { name, text }) : t('notify.said', { name, text }) };
}

const nameOf = ({ name, fingerprint, ambiguous }: Person): string => (ambiguous ? `${name} (${fingerprint})` : name);
