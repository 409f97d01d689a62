/**
 * A stamp remembers what something was made from: it holds a hash over the contents of the inputs, is removed before the
 * work begins and written when it is done, so work that was cut short is never taken for finished.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './paths.mjs';

/**
 * @param {readonly string[]} inputs files and folders, from the root; ones that do not exist count as absent
 * @param {(file: string) => boolean} [matters] which files of the folders count
 * @returns {string} SHA-256 over names and contents, hex
 */
export function hashOf(inputs, matters = () => true) {
  const hash = createHash('sha256');
  for (const input of inputs) {
    for (const file of filesOf(input).filter(matters)) {
      hash.update(`${file}\0`);
      hash.update(createHash('sha256').update(readFileSync(path.join(ROOT, file))).digest());
    }
  }
  return hash.digest('hex');
}

/** All files at or below a path, relative to the root, sorted. */
export function filesOf(input) {
  const full = path.join(ROOT, input);
  if (!existsSync(full)) return [];
  if (!statSync(full).isDirectory()) return [input];
  return readdirSync(full, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.name === 'node_modules' ? [] : filesOf(`${input}/${entry.name}`)));
}

export const stampSays = (stamp, value) => existsSync(stamp) && readFileSync(stamp, 'utf8') === value;

export const clearStamp = (stamp) => rmSync(stamp, { force: true });

export function writeStamp(stamp, value) {
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(`${stamp}.new`, value);
  renameSync(`${stamp}.new`, stamp);
}
