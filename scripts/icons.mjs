/** Draws the icons of the installed app from client/web/public/icon.svg, in a Chromium: `node scripts/icons.mjs`. Their pictures are checked in. */
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { inRoot } from './steps/paths.mjs';

const FOLDER = inRoot('client/web/public');
const svg = readFileSync(`${FOLDER}/icon.svg`, 'utf8');
const browser = await chromium.launch({ executablePath: process.env.THICKET_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
const page = await browser.newPage();
for (const [name, size, inset] of [['icon-192', 192, 0], ['icon-512', 512, 0], ['icon-maskable', 512, 56]]) {
  await page.setViewportSize({ width: size, height: size });
  // A system cuts a maskable icon to its own shape: the picture stays within, the ground goes to the edge.
  const ground = inset > 0 ? '#2f6b45' : 'transparent';
  await page.setContent(`<style>body{margin:0;background:${ground}}svg{position:absolute;inset:${inset}px;width:${size - 2 * inset}px;height:${size - 2 * inset}px}</style>${svg}`);
  await page.screenshot({ path: `${FOLDER}/${name}.png`, omitBackground: true });
}
await browser.close();
