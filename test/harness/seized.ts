/** What a seizing hand does with a folder: every byte of every file, whatever the file is. */
import { lstatSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface SeizedFile {
  readonly path: string;
  readonly bytes: Buffer;
}

/** Every file at or below the paths. Files that go away while one looks are not there. */
export function* filesBelow(...paths: readonly string[]): Generator<SeizedFile> {
  for (const path of paths) {
    const stats = attempt(() => lstatSync(path));
    if (stats?.isDirectory()) yield* filesBelow(...(attempt(() => readdirSync(path)) ?? []).map((name) => join(path, name)));
    const bytes = stats?.isFile() ? attempt(() => readFileSync(path)) : undefined;
    if (bytes !== undefined) yield { path, bytes };
  }
}

/** Where any of these bytes stand, as they are or in hexadecimal (a dump's way): `path: name`, once each. */
export function placesOf(secrets: Readonly<Record<string, Uint8Array>>, ...folders: readonly string[]): string[] {
  return search(Object.entries(secrets).flatMap(([name, secret]) => [Buffer.from(secret), Buffer.from(Buffer.from(secret).toString('hex'))].map((form) => ({ name, form }))), folders);
}

/** The same for words, and for bytes in any form a log might write them: base64 of both kinds as well. */
export function tracesOf(secrets: Readonly<Record<string, Uint8Array | string>>, ...folders: readonly string[]): string[] {
  return search(Object.entries(secrets).flatMap(([name, secret]) => formsOf(secret).map((form) => ({ name, form }))), folders);
}

function search(forms: readonly { readonly name: string; readonly form: Buffer }[], folders: readonly string[]): string[] {
  const found = new Set<string>();
  for (const { path, bytes } of filesBelow(...folders)) {
    for (const { name, form } of forms) if (bytes.includes(form)) found.add(`${path}: ${name}`);
  }
  return [...found];
}

function formsOf(secret: Uint8Array | string): Buffer[] {
  if (typeof secret === 'string') return [Buffer.from(secret), Buffer.from(secret, 'utf16le')];
  const raw = Buffer.from(secret);
  const hex = raw.toString('hex');
  // Base64 of bytes that follow others differs at both ends only.
  const inner = (shift: number) => Buffer.concat([Buffer.alloc(shift), raw]).toString('base64').slice(shift === 0 ? 0 : shift === 1 ? 2 : 3).replace(/=+$/, '').slice(0, -1);
  const base64 = [0, 1, 2].map(inner);
  return [raw, ...[hex, hex.toUpperCase(), ...base64, ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'))].map((text) => Buffer.from(text))];
}

function attempt<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
