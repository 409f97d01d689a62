/** Writing in rooms, and saying something about what is there. Each act is one transaction, and leaves by itself. */
import { create } from '@bufbuild/protobuf';
import {
  DeletionSchema, EditSchema, FileSchema, MentionSchema, PinSchema, ReactionSchema, TextSchema, type MessageRef, type RoomSettings, type Text,
} from '../../content/gen/thicket/content/v1/content_pb.ts';
import type { StoredMessage } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { edit as edited } from '../../domain/notes.ts';
import { mayWriteIn } from '../../domain/room-roles.ts';
import { includesKey, sameBytes } from '../../domain/signing.ts';
import { isEmoji, LONGEST_CAPTION, LONGEST_TEXT, mayDelete, mayEdit, mayPin, MOST_MENTIONS } from '../../domain/talk-rules.ts';
import { fromHex, hex } from '#shared/sodium.ts';
import { SessionFailure, type MessageId, type MessagePlace, type OutgoingMention, type OutgoingText, type RoomId } from '../api.ts';
import type { Device } from '../device.ts';
import type { Draft } from '../draft.ts';
import { noteShared } from '../files/withdrawing.ts';
import { enqueueContent, type Surroundings } from '../newcoming.ts';
import { settingsOf, type RoomState } from '../room-state.ts';
import { isPast } from '../rooms/rules.ts';
import { forgetDraft } from './begun.ts';
import { messageFrom } from './messages.ts';
import { refFrom, refOf, threadRefOf } from './scopes.ts';
import { findMessage, notedOf, tellChanged, type Target } from './targets.ts';
import { aboutOf, unsentIn, unsentNamed, withRemarks, type Unsent } from './unsent.ts';

/** What a remark is about, as it is with what waits to be sent. */
interface About {
  readonly state: RoomState;
  readonly settings: RoomSettings;
  readonly message: StoredMessage;
  readonly ref: MessageRef;
  /** Of the content that carries the remark. */
  readonly surroundings: Surroundings;
  /** In the log and in the vault; undefined for one that is still on its way. */
  readonly target: Target | undefined;
}

export class Writing {
  readonly #device: Device;

  constructor(device: Device) {
    this.#device = device;
  }

  send(room: RoomId, given: string | OutgoingText): Promise<MessageId> {
    const outgoing = typeof given === 'string' ? { text: given } : given;
    const text = textOf(outgoing, LONGEST_TEXT);
    if (text.text.length === 0) throw new SessionFailure('message-empty');
    return this.#device.change(async (draft) => {
      const state = writable(draft, room);
      const thread = outgoing.thread && refOf(outgoing.thread);
      const id = enqueueContent(draft, state, { case: 'text', value: text }, {
        ...(thread && { thread }), ...(outgoing.replyTo && { replyTo: refOf(outgoing.replyTo) }),
      });
      forgetDraft(draft, room, thread);
      draft.emit({ changed: 'timeline', room, ...(outgoing.thread && { thread: outgoing.thread.id }) });
      return hex(id);
    });
  }

  /** One that is there already, or is not there to be taken back, leaves nothing to send. */
  react(room: RoomId, to: MessagePlace, emoji: string, on: boolean): Promise<void> {
    if (!isEmoji(emoji)) throw new SessionFailure('internal');
    return this.#about(room, to, async (draft, { state, message, ref, surroundings, target }) => {
      if (message.gone) throw new SessionFailure('not-allowed');
      const notes = target && (await notedOf(draft, target)).notes;
      const me = this.#device.member.key;
      let isOn = notes?.reactions.some((one) => one.emoji === emoji && includesKey(one.by, me)) ?? false;
      for (const { order, item, content: { body } } of remarksOn(draft, room, message)) {
        if (body.case !== 'reaction' || body.value.emoji !== emoji || item.failed) continue;
        // What has not left yet is taken back, and nothing need be sent.
        if (item.sealed === undefined && !body.value.off !== on) draft.outbox.delete(order);
        else isOn = !body.value.off;
      }
      if (isOn === on) return;
      enqueueContent(draft, state, { case: 'reaction', value: create(ReactionSchema, { to: ref, emoji, off: !on }) }, surroundings);
    });
  }

  edit(room: RoomId, message: MessagePlace, outgoing: OutgoingText): Promise<void> {
    return this.#about(room, message, async (draft, about) => {
      if (!mayEdit(about.settings, about.message, this.#device.member.key)) throw new SessionFailure('not-allowed');
      const text = textOf(outgoing, about.message.file === undefined ? LONGEST_TEXT : LONGEST_CAPTION);
      if (text.text.length === 0 && about.message.file === undefined) throw new SessionFailure('message-empty');
      const noted = about.target === undefined ? undefined : await notedOf(draft, about.target);
      const isSame = noted !== undefined && edited({ ...noted, message: about.message }, text, 1n) === undefined;
      if (!isSame) enqueueContent(draft, about.state, { case: 'edit', value: create(EditSchema, { of: about.ref, text }) }, about.surroundings);
    });
  }

  pin(room: RoomId, message: MessagePlace, on: boolean): Promise<void> {
    return this.#about(room, message, async (draft, { state, settings, message: pinned, ref, surroundings }) => {
      if (!mayPin(settings, pinned, this.#device.member.key)) throw new SessionFailure('not-allowed');
      enqueueContent(draft, state, { case: 'pin', value: create(PinSchema, { of: ref, off: !on }) }, surroundings);
      draft.emit({ changed: 'pins', room });
    });
  }

  async delete(room: RoomId, message: MessagePlace | MessageId): Promise<void> {
    const id = typeof message === 'string' ? message : message.id;
    const left = await this.#device.change(async (draft) => this.#takeBack(draft, room, id));
    if (left === 'taken-back') return;
    const place = left ?? (typeof message === 'string' ? undefined : message);
    if (place === undefined) throw new SessionFailure('internal');
    await this.#about(room, place, async (draft, { state, settings, message: meant, ref, surroundings }) => {
      if (!mayDelete(settings, meant, this.#device.member.key)) throw new SessionFailure('not-allowed');
      enqueueContent(draft, state, { case: 'deletion', value: create(DeletionSchema, { of: ref }) }, surroundings);
      draft.emit({ changed: 'pins', room });
    });
  }

  /** @returns of one that may have left already, its place as far as it is known; undefined if it is not waiting */
  #takeBack(draft: Draft, room: RoomId, id: MessageId): 'taken-back' | MessagePlace | undefined {
    const unsent = unsentNamed(unsentIn(draft.outbox.entries(), room), id);
    if (unsent === undefined) return undefined;
    const { order, item, content: { thread } } = unsent;
    const above = thread && { id: hex(thread.id), sender: hex(thread.sender), seq: Number(thread.seq) };
    if (item.sealed !== undefined && !item.failed) return { id, sender: this.#device.memberId, seq: Number(item.acknowledgedSeq), ...(above && { thread: above }) };
    draft.outbox.delete(order);
    draft.afterwards(() => draft.device.waiting.failed(id, 'cancelled'));
    draft.emit({ changed: 'timeline', room, ...(above && { thread: above.id }) });
    return 'taken-back';
  }

  /** One transaction for all rooms: it is said in each of them, or in none. */
  forward(room: RoomId, place: MessagePlace, to: readonly RoomId[]): Promise<void> {
    return this.#about(room, place, async (draft, { message }) => {
      if (message.gone) throw new SessionFailure('not-allowed');
      if (message.file !== undefined) await noteShared(draft, message.file.blob);
      for (const target of new Set(to)) {
        const body = message.file === undefined
          ? { case: 'text', value: create(TextSchema, { text: message.text }) } as const
          : { case: 'file', value: create(FileSchema, { ...message.file, caption: message.text }) } as const;
        enqueueContent(draft, writable(draft, target), body, { forwarded: true });
        draft.emit({ changed: 'timeline', room: target });
      }
    });
  }

  /** @throws SessionFailure `unknown-room` | `room-inactive`; `internal` if this device has no such message */
  #about(room: RoomId, place: MessagePlace, work: (draft: Draft, about: About) => Promise<void>): Promise<void> {
    return this.#device.change(async (draft) => {
      const state = active(draft, room);
      const settings = settingsOf(state.room);
      const [ref, thread] = [refOf(place), threadRefOf(place)];
      const target = await findMessage(draft, room, ref, thread);
      const unsent = unsentIn(draft.outbox.entries(), room);
      const own = target === undefined && place.sender === this.#device.memberId ? unsentNamed(unsent, place.id) : undefined;
      const message = target?.message ?? (own && messageFrom(own.content, this.#device.member.key));
      if (message === undefined) throw new SessionFailure('internal');
      const remarks = remarksOn(draft, room, message).filter(({ item }) => !item.failed).map(({ content }) => content);
      const noted = target === undefined ? undefined : await notedOf(draft, target);
      const now = noted === undefined ? message : withRemarks(noted, remarks, settings, this.#device.member.key).message;
      const above = target === undefined ? thread : target.root && refFrom(target.root);
      await work(draft, { state, settings, message: now, ref: target === undefined ? ref : refFrom(target), surroundings: above === undefined ? {} : { thread: above }, target });
      if (target !== undefined) tellChanged(draft, target);
      else draft.emit({ changed: 'timeline', room, ...(place.thread && { thread: place.thread.id }) });
    });
  }
}

const remarksOn = (draft: Draft, room: RoomId, { sender, id }: StoredMessage): Unsent[] =>
  unsentIn(draft.outbox.entries(), room).filter(({ content }) => {
    const about = aboutOf(content);
    return about !== undefined && sameBytes(about.id, id) && sameBytes(about.sender, sender);
  });

/** The rooms as a draft has them, or as the device has. */
interface Rooms {
  readonly rooms: { get(room: RoomId): RoomState | undefined };
  readonly device: Pick<Device, 'member'>;
}

/** @throws SessionFailure `unknown-room` | `room-inactive` */
function active({ rooms, device }: Rooms, room: RoomId): RoomState {
  const state = rooms.get(room);
  if (state === undefined) throw new SessionFailure('unknown-room');
  if (isPast(state, device)) throw new SessionFailure('room-inactive');
  return state;
}
/** @throws SessionFailure `unknown-room` | `room-inactive` | `not-allowed` */
export function writable(rooms: Rooms, room: RoomId): RoomState {
  const state = active(rooms, room);
  if (!mayWriteIn(settingsOf(state.room), rooms.device.member.key)) throw new SessionFailure('not-allowed');
  return state;
}

/** @throws SessionFailure `message-too-long` */
export function textOf({ text: given, mentions = [] }: OutgoingText, longest: number): Text {
  const text = given.replace(/\s+$/u, '');
  if (text.length > longest) throw new SessionFailure('message-too-long');
  return create(TextSchema, { text, mentions: mentions.slice(0, MOST_MENTIONS).flatMap((mention) => sentMention(text, mention) ?? []) });
}

function sentMention(text: string, { start, length, member }: OutgoingMention) {
  const key = member === undefined ? new Uint8Array(0) : fromHex(member);
  const isInside = Number.isInteger(start) && Number.isInteger(length) && start >= 0 && length > 0 && start + length <= text.length;
  return key !== undefined && isInside ? create(MentionSchema, { start, length, member: key }) : undefined;
}
