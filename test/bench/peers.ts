/** The packages below peers/, which are there only where `npm run bench` installed them. */
import { readFileSync } from 'node:fs';

export function versionOf(name: string): string {
  const about: unknown = JSON.parse(readFileSync(new URL(`peers/node_modules/${name}/package.json`, import.meta.url), 'utf8'));
  return typeof about === 'object' && about !== null && 'version' in about ? String(about.version) : 'unknown';
}
