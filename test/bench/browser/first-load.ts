/** What a browser fetches of the web client before it shows anything. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { COMPRESSIBLE, firstLoad } from '../../../client/web/build/compressed.ts';
import { WEB_DIRECTORY } from '../../harness/browser.ts';
import type { Row } from '../results.ts';

export function firstLoadRow(): Row {
  const bytes = firstLoad(WEB_DIRECTORY, asHandedOut(WEB_DIRECTORY));
  if (bytes === undefined) throw new Error('the page does not lead to the engine in a way that can be followed');
  const missing = 'Element Web and Mattermost do not publish their web clients as packages that npm could install';
  return { what: 'first load of the web client with gzip, fonts apart', unit: 'KB', thicket: bytes / 1000, peer: undefined, missing };
}

/** Sizes of the built files as the relay hands them out with gzip, by path. */
function asHandedOut(directory: string): ReadonlyMap<string, number> {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && COMPRESSIBLE.test(entry.name));
  return new Map(files.map((entry) => {
    const path = join(entry.parentPath, entry.name);
    return [relative(directory, path).replaceAll('\\', '/'), statSync(existsSync(`${path}.gz`) ? `${path}.gz` : path).size];
  }));
}
