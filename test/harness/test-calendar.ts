/**
 * Days that pass when a test says so. The same object serves a relay in this process (`calendar`) and one in a process of
 * its own (`environment` of spawnRelay, which loads shifted-clock.mjs); the devices take `now`.
 */
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DAYS_FILE, textOf } from '#server/day-keys/due-days.ts';
import { DAY_MS, dayOf, type Day } from '#shared/ids.ts';


export interface TestCalendar {
  today(): Day;
  /** Milliseconds since 1970, for a session's `now`. */
  now(): number;
  /** Days on which the relays of runsWith() ran, though nobody waited for them. */
  pass(days: number): void;
  /** The clock is suddenly somewhere else. */
  jump(days: number): void;
  /** A relay with this folder of keys keeps these days. */
  runsWith(keys: string): void;
  /** For spawnRelay({ environment }): the process reads the days that have passed from a file. */
  readonly environment: Readonly<Record<string, string>>;
}

export function testCalendar(): TestCalendar {
  let passed = 0;
  const file = join(mkdtempSync(join(tmpdir(), 'thicket-test-clock-')), 'milliseconds');
  writeFileSync(file, '0');
  const folders = new Set<string>();
  const now = () => Date.now() + passed * DAY_MS;
  const jump = (days: number): void => {
    passed += days;
    writeFileSync(file, String(passed * DAY_MS));
  };
  return {
    now,
    today: () => dayOf(now()),
    pass(days) {
      jump(days);
      // Before its first start a relay remembers no day.
      for (const keys of folders) if (existsSync(join(keys, DAYS_FILE))) writeFileSync(join(keys, DAYS_FILE), textOf({ believed: dayOf(now()), doubted: undefined }));
    },
    jump,
    runsWith: (keys) => void folders.add(keys),
    environment: {
      NODE_OPTIONS: `--import=${pathToFileURL(resolve(import.meta.dirname, 'shifted-clock.mjs')).href}`,
      THICKET_TEST_CLOCK: file,
    },
  };
}
