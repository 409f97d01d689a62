import { describe, expect, it } from 'vitest';
import { linkify } from './linkify.ts';

const links = (text: string) => linkify(text).filter((piece) => piece.kind === 'link').map((piece) => piece.text);
const whole = (text: string) => linkify(text).map((piece) => piece.text).join('');

describe('linkify', () => {
  it('finds plain addresses and leaves every character in its place', () => {
    const text = 'See https://example.org/a?b=c#d and http://localhost:8080/x, please.';
    expect(links(text)).toEqual(['https://example.org/a?b=c#d', 'http://localhost:8080/x']);
    expect(whole(text)).toBe(text);
  });

  it.each([
    ['at the end of a sentence: https://example.org.', 'https://example.org'],
    ['(https://example.org/page)', 'https://example.org/page'],
    ['https://en.example.org/Thicket_(plants) grows', 'https://en.example.org/Thicket_(plants)'],
    ['اقرأ https://example.org/ar، شكرا', 'https://example.org/ar'],
    ['看 https://example.org/zh。', 'https://example.org/zh'],
    ['«https://example.org»', 'https://example.org'],
  ])('takes the address without the punctuation around it: %s', (text, link) => {
    expect(links(text)).toEqual([link]);
  });

  it.each([
    'javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'https://bank.example@evil.example/login',
    'https://',
    'xhttps://example.org',
    'no address at all',
  ])('leaves alone what is not plain: %s', (text) => {
    expect(links(text)).toEqual([]);
    expect(whole(text)).toBe(text);
  });

  it('ends an address where the direction of writing is turned, so that it cannot pose as another', () => {
    expect(links('https://example.org/\u202egpj.exe')).toEqual(['https://example.org/']);
  });

  it('never makes nodes of markup: quotes and brackets end an address', () => {
    expect(links('<a href="https://example.org/x" onclick="y">')).toEqual(['https://example.org/x']);
  });
});
