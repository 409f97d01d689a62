import { expect, it } from 'vitest';
import { killBrowser } from './kill-browser.ts';

it('a browser killed thirty times while it sends and receives opens every time, and loses and doubles nothing', async () => {
  const result = await killBrowser(30);
  console.log(result);
  expect(result.seen).toBeGreaterThan(30);
});
