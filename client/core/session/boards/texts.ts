/** What an announcement says, between the interface's shape and that of the wire. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { base64url, fromBase64url } from '#shared/sodium.ts';
import { AnnouncementTextSchema, Priority, type AnnouncementText as Wire, type Totals as WireTotals } from '../../content/gen/thicket/content/v1/boards_pb.ts';
import { FileSchema, type File } from '../../content/gen/thicket/content/v1/content_pb.ts';
import { isFitText } from '../../domain/boards/texts.ts';
import { SessionFailure, type AnnouncementText, type AttachedFile, type Priority as PriorityName, type Totals } from '../api.ts';
import { sharedFile } from '../shared-file.ts';

const PRIORITIES = ['normal', 'important', 'urgent'] as const satisfies readonly PriorityName[];
const WIRE_PRIORITY = { normal: Priority.NORMAL, important: Priority.IMPORTANT, urgent: Priority.URGENT } as const;

/** @throws SessionFailure `bad-announcement` */
export function wireText(text: AnnouncementText, bot = ''): Wire {
  const { event, poll } = text;
  const wire = create(AnnouncementTextSchema, {
    wordings: text.wordings.map(({ language, title, body }) => ({ language, title: title.trim(), body })),
    priority: WIRE_PRIORITY[text.priority], pinned: text.pinned, files: text.files.map(({ handle }) => fileOf(handle)),
    expiresAtMs: ms(text.expiresAt), acknowledge: text.acknowledge, bot,
    ...(event && { event: { ...event, beginsAtMs: ms(event.beginsAt), endsAtMs: ms(event.endsAt), shifts: event.shifts.map(({ name, beginsAt, endsAt, capacity }) => ({ name: name.trim(), beginsAtMs: ms(beginsAt), endsAtMs: ms(endsAt), capacity })) } }),
    ...(poll && { poll: { question: poll.question.trim(), choices: poll.choices.map((choice) => choice.trim()), several: poll.several, closesAtMs: ms(poll.closesAt) } }),
  });
  if (!isFitText(wire)) throw new SessionFailure('bad-announcement');
  return wire;
}

function ms(value: number): bigint {
  if (!Number.isSafeInteger(value) || value < 0) throw new SessionFailure('bad-announcement');
  return BigInt(value);
}

/** @param sentAt milliseconds since 1970, from which it follows until when the hub has its files */
export function shownText({ wordings, priority, pinned, files, expiresAtMs, acknowledge, event, poll }: Wire, sentAt: number | undefined): AnnouncementText {
  return {
    wordings: wordings.map(({ language, title, body }) => ({ language, title, body })),
    priority: PRIORITIES[priority] ?? 'normal', pinned, expiresAt: Number(expiresAtMs), acknowledge,
    files: files.flatMap((file) => attachedFile(file, sentAt) ?? []),
    event: event && {
      beginsAt: Number(event.beginsAtMs), endsAt: Number(event.endsAtMs), zone: event.zone, place: event.place, map: event.map, answers: event.answers,
      shifts: event.shifts.map(({ name, beginsAtMs, endsAtMs, capacity }) => ({ name, beginsAt: Number(beginsAtMs), endsAt: Number(endsAtMs), capacity })),
    },
    poll: poll && { question: poll.question, choices: poll.choices, several: poll.several, closesAt: Number(poll.closesAtMs) },
  };
}

export function attachedFile(file: File, at: number | undefined): AttachedFile | undefined {
  const shown = sharedFile(file, at);
  return shown && { ...shown, handle: base64url(toBinary(FileSchema, file)) };
}

/** @throws SessionFailure `unknown-file` */
export function fileOf(handle: string): File {
  const bytes = fromBase64url(handle);
  try {
    if (bytes !== undefined) return fromBinary(FileSchema, bytes);
  } catch {
    // Not one of ours.
  }
  throw new SessionFailure('unknown-file');
}

export const shownTotals = ({ acknowledged, coming, maybe, notComing, chosen, voters, shifts }: WireTotals): Totals =>
  ({ acknowledged, coming, maybe, notComing, chosen, voters, taken: shifts.map(({ taken }) => taken) });
