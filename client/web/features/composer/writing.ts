/** Rules of the composer. Pure. */
import type { OutgoingMention } from '#core/session/api.ts';
import type { Written } from './drafts.ts';

/** Characters a message may hold, as the content format says. */
export const MOST_CHARACTERS = 16_000;

/** How many characters too many; 0 when it fits. */
export const charactersOver = (text: string): number => Math.max(0, text.trim().length - MOST_CHARACTERS);

interface Pressed {
  readonly key: string;
  readonly shiftKey: boolean;
  /** An input method is still choosing: its Enter is not ours. */
  readonly isComposing: boolean;
}

/** On a touch keyboard Enter is a new line, since Shift is far away and the button is near. */
export const sendsOn = ({ key, shiftKey, isComposing }: Pressed, touch: boolean): boolean =>
  key === 'Enter' && !shiftKey && !isComposing && !touch;

/** The text after a change, with the names that are still whole where they are now. */
export function retyped(old: Written, text: string): Written {
  let same = 0;
  while (same < old.text.length && same < text.length && old.text[same] === text[same]) same += 1;
  let tail = 0;
  while (tail < old.text.length - same && tail < text.length - same && old.text.at(-1 - tail) === text.at(-1 - tail)) tail += 1;
  const moved = text.length - old.text.length;
  const mentions = old.mentions.flatMap((mention): OutgoingMention[] => {
    if (mention.start + mention.length <= same) return [mention];
    return mention.start >= old.text.length - tail ? [{ ...mention, start: mention.start + moved }] : [];
  });
  return { text, mentions };
}

/** What is sent: without space around it. */
export function trimmed({ text, mentions }: Written): Written {
  const lead = text.length - text.trimStart().length;
  const whole = text.trim();
  return { text: whole, mentions: mentions.map((mention) => ({ ...mention, start: mention.start - lead })).filter(({ start, length }) => start >= 0 && start + length <= whole.length) };
}

const NAME_BEGUN = /(?:^|[\s([{])@([^\s@]{0,40}(?: [^\s@]{1,30}){0,2})$/u;
/** The name that is being typed at the caret, from its at sign on; undefined: none. */
export function nameBegun({ text, mentions }: Written, caret: number): { readonly from: number; readonly typed: string } | undefined {
  const found = NAME_BEGUN.exec(text.slice(Math.max(0, caret - 120), caret));
  if (!found) return undefined;
  const typed = found[1] ?? '';
  const from = caret - typed.length - 1;
  return mentions.some(({ start, length }) => from >= start && from < start + length) ? undefined : { from, typed };
}

/** Puts a name where it was being typed. @returns also where the caret goes */
export function withName(written: Written, from: number, caret: number, name: string, member: OutgoingMention['member']): Written & { readonly caret: number } {
  const said = `@${name}`;
  const after = written.text.slice(caret);
  const gap = /^\s/u.test(after) ? '' : ' ';
  const changed = retyped(written, written.text.slice(0, from) + said + gap + after);
  const mentions = [...changed.mentions, { start: from, length: said.length, member }].sort((a, b) => a.start - b.start);
  return { text: changed.text, mentions, caret: from + said.length + 1 };
}

/** Puts marks around a stretch, or takes them away. @returns the stretch to be put in place of `from` to `to`, and what is selected then */
export function framed(text: string, from: number, to: number, mark: string): { readonly from: number; readonly to: number; readonly put: string; readonly select: readonly [number, number] } {
  const before = text.slice(Math.max(0, from - mark.length), from);
  const after = text.slice(to, to + mark.length);
  const inside = text.slice(from, to);
  if (before === mark && after === mark) return { from: from - mark.length, to: to + mark.length, put: inside, select: [from - mark.length, to - mark.length] };
  return { from, to, put: mark + inside + mark, select: [from + mark.length, to + mark.length] };
}

const MARKS: Readonly<Record<string, string>> = { KeyB: '**', KeyI: '*', KeyE: '`' };
/** The mark a key asks for. */
export const markOf = ({ code, ctrlKey, metaKey, altKey, shiftKey }: Pick<KeyboardEvent, 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string | undefined =>
  (ctrlKey || metaKey) && !altKey && !shiftKey ? MARKS[code] : undefined;
