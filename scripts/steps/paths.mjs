/** Where things are, from the project's root. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const inRoot = (...parts) => path.join(ROOT, ...parts);

/** Stamps and notes of these scripts. Deleting it costs one build. */
export const CACHE = inRoot('.cache');
export const MODULES = inRoot('node_modules');
