/** JSON from a file or from another program, taken apart strictly: every name known, every value of its kind, or a sentence that says where it is not. */
import { CliFailure } from '../failure.ts';

export type Fields = Readonly<Record<string, unknown>>;

export const wrong = (where: string, what: string): CliFailure => new CliFailure('usage', `${where} ${what}`);

/** @throws CliFailure `usage` for what is no JSON */
export function jsonIn(text: string, where: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw wrong(where, 'is no JSON.');
  }
}

/** @param known every name there may be @throws CliFailure `usage` */
export function fieldsIn(value: unknown, where: string, known: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(where, 'is no object.');
  const stray = Object.keys(value).find((name) => !known.includes(name));
  if (stray !== undefined) throw wrong(where, `knows no “${stray.slice(0, 40)}”.`);
  return value as Fields;
}

/** The readers of fields: each takes what is there, or `other` where nothing is. @throws CliFailure `usage` */
export function textIn(fields: Fields, name: string, where: string, other?: string): string {
  const value = fields[name] ?? other;
  if (typeof value !== 'string') throw wrong(`${where}.${name}`, value === undefined ? 'is missing.' : 'is no text.');
  return value;
}
export function flagIn(fields: Fields, name: string, where: string, other = false): boolean {
  const value = fields[name] ?? other;
  if (typeof value !== 'boolean') throw wrong(`${where}.${name}`, 'is neither true nor false.');
  return value;
}
/** Whole and not negative. */
export function countIn(fields: Fields, name: string, where: string, other?: number): number {
  const value = fields[name] ?? other;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw wrong(`${where}.${name}`, value === undefined ? 'is missing.' : 'is no whole number from 0 on.');
  return value;
}
export function listIn<T>(fields: Fields, name: string, where: string, each: (value: unknown, where: string) => T): T[] {
  const value = fields[name] ?? [];
  if (!Array.isArray(value)) throw wrong(`${where}.${name}`, 'is no list.');
  return value.map((one, i) => each(one, `${where}.${name}[${i}]`));
}
export function maybeIn<T>(fields: Fields, name: string, where: string, each: (value: unknown, where: string) => T): T | undefined {
  const value = fields[name];
  return value === undefined || value === null ? undefined : each(value, `${where}.${name}`);
}
export function oneOf<const T extends string>(value: string, those: readonly T[], where: string): T {
  const found = those.find((one) => one === value);
  if (found === undefined) throw wrong(where, `is ${those.join(', ')}.`);
  return found;
}
