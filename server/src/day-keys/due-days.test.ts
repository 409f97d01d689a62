import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testCalendar } from '../../../test/harness/test-calendar.ts';
import { DueDays, believe } from './due-days.ts';

let folder: string;
let calendar: ReturnType<typeof testCalendar>;
let start: number;
const said: string[] = [];
const open = (path = folder) => DueDays.open(path, calendar, { say: () => undefined, warn: (line) => void said.push(line) });
const written = () => readFileSync(join(folder, 'days'), 'utf8');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'thicket-test-days-'));
  calendar = testCalendar();
  start = calendar.today();
  said.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the days that are due', () => {
  it('are remembered over restarts and by every process, in a file that tells days alone', async () => {
    const [one, other] = [await open(), await open()];
    expect([await one.look(), written(), statSync(join(folder, 'days')).mtimeMs]).toEqual([start, `${start}\n`, start * 86_400_000]);
    calendar.jump(30);
    for (const due of [one, other, await open()]) expect([due.today(), await due.look()]).toEqual([start, start]);
    expect(written()).toBe(`${start} ${start + 30}\n`);
    calendar.jump(2);
    expect([await other.look(), await one.look(), (await open()).today()]).toEqual([start + 32, start + 32, start + 32]);
  });

  it('are told to the operator once when the clock jumps, and followed at once when the operator says so', async () => {
    const due = await open();
    await due.look();
    calendar.jump(30);
    for (let looks = 0; looks < 3; looks += 1) await due.look();
    expect(said).toEqual([expect.stringContaining('The clock shows 30 days more than when this relay last ran.')]);
    await believe(folder, calendar.today());
    expect([await due.look(), await due.look()]).toEqual([start + 30, start + 30]);
    expect(said).toHaveLength(1);
  });

  it('go on where the file cannot be written, and doubt no less', async () => {
    const nowhere = join(folder, 'keys');
    symlinkSync(join(folder, 'missing', 'keys'), nowhere);
    const due = await open(nowhere);
    expect([await due.look(), await due.look()]).toEqual([start, start]);
    calendar.jump(30);
    expect([await due.look(), await due.look()]).toEqual([start, start]);
    calendar.jump(2);
    expect(await due.look()).toBe(start + 32);
    expect(said.filter((line) => line.includes('cannot be written'))).toHaveLength(1);
  });
});
