/**
 * The web client names nobody but its own hub: no font, script, image or service of somebody else. It speaks to one other
 * hub only where an operator and a steward chose it (docs/decisions/0022-oblivious-posting.md), and that one is named in the bulletin.
 */
import { describe, expect, it } from 'vitest';
import { sourcesIn } from './sources.ts';

/** Addresses that may stand in the web client's sources, because nothing is ever fetched from them. */
const ALLOWED = [
  /^http:\/\/www\.w3\.org\//, // names of XML vocabularies
  /^http:\/\/(127\.0\.0\.1|localhost)(:|\/|$)/, // the relay beside the development server
  /^https:\/\/\$\{trimmed\}$/, // a link that somebody typed without its beginning
  /^https:\/\/good\.example@evil\.example$/, // a trap that marks/links.ts speaks of
];
/** Made-up rooms for working on the screens; no build contains them. */
const isShipped = ({ path }: { readonly path: string }): boolean => !path.startsWith('client/web/dev/');

const addressesIn = (source: string): string[] => source.match(/\b(?:https?|wss?):\/\/[^\s'"`)>\\]+/g) ?? [];
const strangersIn = (source: string): string[] => addressesIn(source).filter((address) => !ALLOWED.some((pattern) => pattern.test(address)));

describe('the web client', () => {
  it('names no other origin', () => {
    const files = sourcesIn('client/web', /(?<!\.test)\.(ts|tsx|css|html|svg|json|webmanifest)$/).filter(isShipped);
    expect(files.length).toBeGreaterThan(0);
    expect(files.flatMap(({ path, source }) => strangersIn(source).map((address) => `${path}: ${address}`))).toEqual([]);
  });

  it('would be caught naming one', () => {
    expect(strangersIn(`@import url('https://fonts.example/inter.css');`)).toEqual(['https://fonts.example/inter.css']);
    expect(strangersIn('new WebSocket("wss://elsewhere.example/v1")')).toEqual(['wss://elsewhere.example/v1']);
    expect(strangersIn('document.createElementNS("http://www.w3.org/2000/svg", "path")')).toEqual([]);
  });
});
