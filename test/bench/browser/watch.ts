/** What Chromium says of the page's own thread. */
import type { Page } from 'playwright-core';

/**
 * From the press on a room's link to the frame that shows one of its messages, in milliseconds.
 * @param shows a stretch of the newest message
 */
export const timeToOpen = (page: Page, room: string, shows: string): Promise<number> => page.evaluate(([name, text]) => new Promise<number>((resolve, reject) => {
  const link = [...document.querySelectorAll<HTMLElement>('[data-testid="room-link"]')].find((each) => each.textContent?.includes(name));
  if (link === undefined) return reject(new Error(`no room ${name}`));
  const began = performance.now();
  const look = (): void => {
    const there = [...document.querySelectorAll('[data-testid="message-text"]')].some((each) => each.textContent?.includes(text));
    if (there) requestAnimationFrame(() => resolve(performance.now() - began));
    else if (performance.now() - began > 60_000) reject(new Error(`${name} did not open`));
    else requestAnimationFrame(look);
  };
  link.click();
  requestAnimationFrame(look);
}), [room, shows] as const);

/**
 * How late messages come on the screen: between the engine's word that a timeline changed and the frame that shows the
 * newest message, in milliseconds, for each frame that showed a newer one.
 */
export const watchArrivals = (page: Page): Promise<void> => page.evaluate(() => {
  const late: number[] = [];
  let told: number | undefined;
  new BroadcastChannel('thicket').addEventListener('message', ({ data }: MessageEvent<{ type: string; event?: { changed: string } }>) => {
    if (data.type === 'event' && data.event?.changed === 'timeline') told ??= performance.now();
  });
  // A live list, which costs the page next to nothing to look at.
  const all = document.getElementsByTagName('article');
  let newest = 0;
  const look = (): void => {
    const seq = Number(all.item(all.length - 1)?.dataset['seq'] ?? 0);
    if (seq > newest && told !== undefined) {
      late.push(performance.now() - told);
      told = undefined;
    }
    newest = Math.max(newest, seq);
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  Object.assign(globalThis, { late });
});
export const arrivals = (page: Page): Promise<number[]> => page.evaluate(() => (globalThis as unknown as { late: number[] }).late.splice(0));

/** Of the first message that is drawn. */
export const firstSeq = (page: Page): Promise<number> => page.evaluate(() => Number(document.querySelector<HTMLElement>('article')?.dataset['seq'] ?? 0));

/** As a hand does it: a stretch in every frame. */
export const scrollUp = (page: Page, frames: number, pixels: number): Promise<void> => page.evaluate(([count, step]) => new Promise<void>((resolve) => {
  const list = document.querySelector('.timeline-scroll');
  let left = count;
  const move = (): void => {
    list?.scrollBy(0, -step);
    left -= 1;
    if (left > 0) requestAnimationFrame(move);
    else resolve();
  };
  requestAnimationFrame(move);
}), [frames, pixels] as const);
