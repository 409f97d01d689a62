/**
 * The day by which the past is forgotten: the calendar's, unless the clock jumped (clock-jumps.ts). What it was believed
 * last is remembered beside the keys, where no older copy of the database can bring it back.
 */
import type { Day } from '#shared/ids.ts';
import type { Calendar } from '../operations/calendar.ts';
import type { Operator } from '../operations/operator.ts';
import { type DaysRun, dueDay, settle } from './clock-jumps.ts';
import { readSmallFile, unusable, writeSmallFile } from './small-file.ts';

export const DAYS_FILE = 'days';
const LINE = /^(\d{1,9})(?: (\d{1,9}))?\n$/;

export const textOf = ({ believed, doubted }: DaysRun): string => `${believed}${doubted === undefined ? '' : ` ${doubted}`}\n`;

/** @returns undefined where nothing is remembered. @throws the system's error when that cannot be told */
export async function readDays(folder: string): Promise<DaysRun | undefined> {
  const [, believed, doubted] = LINE.exec((await readSmallFile(folder, DAYS_FILE)) ?? '') ?? [];
  return believed === undefined ? undefined : { believed: Number(believed), doubted: doubted === undefined ? undefined : Number(doubted) };
}

/** Believes the clock from now on. @throws the system's error */
export const believe = (folder: string, today: number): Promise<void> => writeSmallFile(folder, DAYS_FILE, textOf({ believed: today, doubted: undefined }), today);

export class DueDays implements Calendar {
  private readonly folder: string;
  private readonly calendar: Calendar;
  private readonly operator: Operator;
  private known: DaysRun;
  /** What the file should say and does not: it could not be written. */
  private unwritten: DaysRun | undefined;
  private told: number | undefined;

  private constructor(folder: string, calendar: Calendar, operator: Operator, known: DaysRun) {
    this.folder = folder;
    this.calendar = calendar;
    this.operator = operator;
    this.known = known;
  }

  /** @param folder of the day keys. @throws StartError when it cannot be read */
  static async open(folder: string, calendar: Calendar, operator: Operator): Promise<DueDays> {
    const found = await readDays(folder).catch((cause: unknown) => {
      throw unusable(folder, cause);
    });
    return new DueDays(folder, calendar, operator, found ?? { believed: calendar.today(), doubted: undefined });
  }

  /** The latest day whose end may be acted upon. */
  today(): Day {
    return dueDay(this.known, this.calendar.today()) as Day;
  }

  /**
   * Remembers what the clock shows now, and tells the operator when it is doubted. To be called often, before anything is deleted.
   * @returns today(). @throws the system's error when the file cannot be read
   */
  async look(): Promise<Day> {
    const today = this.calendar.today();
    // Another process, or the operator's command, may have written.
    const before = this.unwritten ?? (await readDays(this.folder));
    this.known = settle(before ?? this.known, today);
    if (before === undefined || this.unwritten !== undefined || textOf(before) !== textOf(this.known)) await this.write(today);
    this.tell(today);
    return this.today();
  }

  private async write(today: number): Promise<void> {
    const wasTold = this.unwritten !== undefined;
    try {
      await writeSmallFile(this.folder, DAYS_FILE, textOf(this.known), today);
      this.unwritten = undefined;
    } catch {
      this.unwritten = this.known;
      if (!wasTold) this.operator.warn('The folder THICKET_KEYS cannot be written.');
    }
  }

  private tell(today: number): void {
    const { believed, doubted } = this.known;
    if (doubted === undefined || doubted < believed || this.told === doubted) return;
    this.told = doubted;
    this.operator.warn(`The clock shows ${today - believed} days more than when this relay last ran. Nothing is deleted until it has shown so for two days. `
      + 'If it is right and that is too long, run `thicket-relay expire --yes`.');
  }
}
