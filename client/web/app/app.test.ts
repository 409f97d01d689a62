import { describe, expect, it, vi } from 'vitest';
import { SessionFailure, type Session, type SessionEvent } from '#core/session/api.ts';
import { charactersOver, MOST_CHARACTERS, sendsOn } from '../features/composer/writing.ts';
import { strengthOf, suggestPassphrase } from '../features/founding/passphrase.ts';
import { firstLetter } from '../components/Avatar.tsx';
import { cut, gaps } from '../components/Sentence.tsx';
import { parseLink, takeLink } from './link.ts';
import { keepFresh } from './live.ts';
import { parsePreferences } from './preferences.ts';
import { meaningOf } from './shortcuts.ts';
import { clock, fullTime, longDay, shortTime, showable, startOfDay } from './times.ts';

describe('links', () => {
  it('are found in what a messenger wrapped around them', () => {
    expect(parseLink(' Join us: https://hub.example/#join=AbC_-9 see you ')).toEqual({ kind: 'join', link: 'https://hub.example/#join=AbC_-9' });
    expect(parseLink('http://127.0.0.1:8080/#found=xyz')?.kind).toBe('found');
    expect(parseLink('Read this: https://hub.example/#board=AbC_-9.')).toEqual({ kind: 'board', link: 'https://hub.example/#board=AbC_-9' });
    expect(parseLink('https://hub.example/#other=1')).toBeUndefined();
  });
  it('leave the address bar at once', () => {
    const replaceState = vi.fn();
    const link = takeLink({ href: 'https://hub.example/#join=abc', pathname: '/' }, { replaceState, state: null });
    expect(link?.kind).toBe('join');
    expect(replaceState).toHaveBeenCalledWith(null, '', '/');
  });
});

describe('passphrases', () => {
  it.each(['', 'short', 'aaaaaaaaaaaaaaaa', 'one two abc'])('%j is too short', (text) => expect(strengthOf(text)).toBe('short'));
  it.each(['correct horse battery staple', 'Zwölf-Zeichen!'])('%j will do', (text) => expect(strengthOf(text)).not.toBe('short'));
  it('a suggestion is six words, strong, and never the same', async () => {
    const [a, b] = [await suggestPassphrase(), await suggestPassphrase()];
    expect(a.split(' ')).toHaveLength(6);
    expect(strengthOf(a)).toBe('good');
    expect(a).not.toBe(b);
  });
});

describe('the composer', () => {
  const enter = { key: 'Enter', shiftKey: false, isComposing: false };
  it('sends on Enter, but not while an input method chooses, not with Shift, and not on a touch keyboard', () => {
    expect(sendsOn(enter, false)).toBe(true);
    expect(sendsOn({ ...enter, isComposing: true }, false)).toBe(false);
    expect(sendsOn({ ...enter, shiftKey: true }, false)).toBe(false);
    expect(sendsOn(enter, true)).toBe(false);
  });
  it('counts what is too much', () => {
    expect(charactersOver('x'.repeat(MOST_CHARACTERS))).toBe(0);
    expect(charactersOver('x'.repeat(MOST_CHARACTERS + 3))).toBe(3);
  });
});

describe('keys', () => {
  const key = (over: object) => meaningOf({ key: '', code: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, isComposing: false, ...over });
  it('mean what they should on both kinds of keyboard', () => {
    expect(key({ code: 'KeyK', ctrlKey: true })).toBe('find');
    expect(key({ code: 'KeyK', metaKey: true })).toBe('find');
    expect(key({ code: 'KeyL', ctrlKey: true, shiftKey: true })).toBe('lock');
    expect(key({ key: 'ArrowDown', altKey: true })).toBe('next');
    expect(key({ key: 'ArrowUp', altKey: true })).toBe('previous');
    expect(key({ key: 'Escape', isComposing: true })).toBeUndefined();
    expect(key({ code: 'KeyK' })).toBeUndefined();
  });
});

describe('preferences', () => {
  const usual = { language: 'system', theme: 'system', idleMinutes: 15, notify: 'off', badge: 'off' };
  it('are valid whatever was stored', () => {
    expect(parsePreferences(null)).toEqual(usual);
    expect(parsePreferences('{"theme":"dark","idleMinutes":0,"language":"en","notify":"names","badge":"dot"}')).toEqual({ language: 'en', theme: 'dark', idleMinutes: 0, notify: 'names', badge: 'dot' });
    for (const junk of ['', '[', '7', 'null', '{"theme":"pink","idleMinutes":"5","notify":"all","badge":7}']) expect(parsePreferences(junk)).toEqual(usual);
  });
});

describe('times', () => {
  it.each([Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER, 8.64e15, Infinity, Number.NaN])('a clock that says %s breaks nothing', (at) => {
    expect(() => [clock(at, 'en'), fullTime(at, 'en'), shortTime(at, 'en'), longDay(at, 'en'), startOfDay(at)]).not.toThrow();
    expect(() => new Date(showable(at)).toISOString()).not.toThrow();
  });
});

describe('names', () => {
  it('show their first sign, whole', () => {
    expect(firstLetter(' rosa')).toBe('R');
    expect(firstLetter('👩🏽‍🔧 Ana')).toBe('👩🏽‍🔧');
    expect(firstLetter('')).toBe('?');
  });
  it('go into sentences as parts, whatever they contain', () => {
    const filled = `${gaps('by').by} added ${gaps('people').people}.`;
    expect(cut(filled)).toEqual(['', 'by', ' added ', 'people', '.']);
  });
});

describe('what is read from the session', () => {
  it('is read again when it changed, once for a burst, and not after the end', async () => {
    let tell: (event: SessionEvent) => void = () => undefined;
    const session = { subscribe: (listener: typeof tell) => { tell = listener; return () => { tell = () => undefined; }; } } as unknown as Session;
    const values: number[] = [];
    const failures: string[] = [];
    let reads = 0;
    const load = async () => {
      const read = (reads += 1);
      await Promise.resolve();
      if (read === 3) throw new SessionFailure('offline');
      return read;
    };
    const live = keepFresh(session, { load, changedBy: (event) => event.changed === 'rooms', onValue: (value) => values.push(value), onFailure: (code) => failures.push(code) });
    for (let i = 0; i < 5; i += 1) tell({ changed: 'rooms' });
    tell({ changed: 'people' });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(values).toEqual([1, 2]);
    live.refresh();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(failures).toEqual(['offline']);
    live.stop();
    tell({ changed: 'rooms' });
    live.refresh();
    expect(reads).toBe(3);
  });
});
