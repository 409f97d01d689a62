/** An announcement's text as JSON: what `--from` reads and `board show --json` prints. How long everything may be is the engine's to say. */
import type { AnnouncementText, AttachedFile, EventText, PollText, ShiftText, Wording } from '#core/session/api.ts';
import { countIn, fieldsIn, flagIn, listIn, maybeIn, oneOf, textIn, wrong } from './strict.ts';

export const PRIORITIES = ['normal', 'important', 'urgent'] as const;

/** @param where how the file is called in a sentence @throws CliFailure `usage` */
export function textFrom(value: unknown, where: string): AnnouncementText {
  const fields = fieldsIn(value, where, ['wordings', 'priority', 'pinned', 'files', 'expiresAt', 'acknowledge', 'event', 'poll']);
  const wordings = listIn(fields, 'wordings', where, wordingFrom);
  if (wordings.length === 0) throw wrong(`${where}.wordings`, 'has nothing in it.');
  return {
    wordings,
    priority: oneOf(textIn(fields, 'priority', where, 'normal'), PRIORITIES, `${where}.priority`),
    pinned: flagIn(fields, 'pinned', where),
    files: listIn(fields, 'files', where, fileFrom),
    expiresAt: countIn(fields, 'expiresAt', where, 0),
    acknowledge: flagIn(fields, 'acknowledge', where),
    event: maybeIn(fields, 'event', where, eventFrom),
    poll: maybeIn(fields, 'poll', where, pollFrom),
  };
}

function wordingFrom(value: unknown, where: string): Wording {
  const fields = fieldsIn(value, where, ['language', 'title', 'body']);
  return { language: textIn(fields, 'language', where), title: textIn(fields, 'title', where), body: textIn(fields, 'body', where, '') };
}

/** One that lies at the hub already, as another announcement or a draft showed it. */
function fileFrom(value: unknown, where: string): AttachedFile {
  const fields = fieldsIn(value, where, ['name', 'type', 'size', 'handle']);
  return { name: textIn(fields, 'name', where, ''), type: textIn(fields, 'type', where, ''), size: countIn(fields, 'size', where, 0), handle: textIn(fields, 'handle', where) };
}

export function eventFrom(value: unknown, where: string): EventText {
  const fields = fieldsIn(value, where, ['beginsAt', 'endsAt', 'zone', 'place', 'map', 'answers', 'shifts']);
  return {
    beginsAt: countIn(fields, 'beginsAt', where), endsAt: countIn(fields, 'endsAt', where, 0), zone: textIn(fields, 'zone', where),
    place: textIn(fields, 'place', where, ''), map: textIn(fields, 'map', where, ''), answers: flagIn(fields, 'answers', where, true),
    shifts: listIn(fields, 'shifts', where, shiftFrom),
  };
}

function shiftFrom(value: unknown, where: string): ShiftText {
  const fields = fieldsIn(value, where, ['name', 'beginsAt', 'endsAt', 'capacity']);
  return { name: textIn(fields, 'name', where), beginsAt: countIn(fields, 'beginsAt', where, 0), endsAt: countIn(fields, 'endsAt', where, 0), capacity: countIn(fields, 'capacity', where, 0) };
}

function pollFrom(value: unknown, where: string): PollText {
  const fields = fieldsIn(value, where, ['question', 'choices', 'several', 'closesAt']);
  const choices = listIn(fields, 'choices', where, (choice, at) => {
    if (typeof choice !== 'string') throw wrong(at, 'is no text.');
    return choice;
  });
  return { question: textIn(fields, 'question', where), choices, several: flagIn(fields, 'several', where), closesAt: countIn(fields, 'closesAt', where, 0) };
}

/** What `textFrom` takes back, and nothing else. */
export const textOf = ({ wordings, priority, pinned, files, expiresAt, acknowledge, event, poll }: AnnouncementText): Readonly<Record<string, unknown>> => ({
  wordings, priority, pinned, files: files.map(({ name, type, size, handle }) => ({ name, type, size, handle })), expiresAt, acknowledge, ...(event && { event }), ...(poll && { poll }),
});
