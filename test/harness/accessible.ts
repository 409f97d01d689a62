/** What axe has to say of a page, and whether it stands twice as large letters. */
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

interface Axe {
  run(context: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
}

/** axe finds nothing to complain of. React Aria's announcer is left out, which speaks of buttons that may be gone by then, and a tooltip, which stands in no landmark. */
export async function accessible(page: Page, screen: string): Promise<void> {
  await page.evaluate(axe.source);
  const found = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: Axe };
    return (await axe.run({ exclude: ['[data-live-announcer]', '[data-overlay-container]:has(> [role=tooltip])'] })).violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  });
  expect(found.join('\n'), `${screen}: ${found.join(' · ')}`).toBe('');
}

/** WCAG 2.2, 1.4.4: with letters of twice their size nothing is cut off sideways. */
export async function standsLargeLetters(page: Page, screen: string): Promise<void> {
  const wider = await page.evaluate(async () => {
    const root = document.documentElement;
    root.style.fontSize = '200%';
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const over = root.scrollWidth - root.clientWidth;
    root.style.removeProperty('font-size');
    return over;
  });
  expect(wider, `${screen}: pixels by which the page is wider than the window`).toBeLessThanOrEqual(1);
}
