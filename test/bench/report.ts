/** The bench's findings for people: on the terminal, and in RESULTS.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { type Machine, sentenceOf } from './machine.ts';
import { AREAS, type Area, type AreaName, cpuSpeedOf, type Row, speedOf, type Unit } from './results.ts';

/** The latest whole run of each area, from which RESULTS.md is written. */
const LATEST = new URL('latest.json', import.meta.url);
const RESULTS = new URL('RESULTS.md', import.meta.url);
const REMARKS = new URL('REMARKS.md', import.meta.url);

interface Run {
  readonly area: Area;
  readonly machine: Machine;
  /** A day: 2026-11-23. */
  readonly day: string;
}

const amount = (value: number, unit: Unit): string => {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;
  return `${value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })}${unit === '/s' ? '/s' : ` ${unit}`}`;
};
const times = (speed: number | undefined): string => (speed === undefined ? '' : speed.toFixed(2));

const HEAD = ['what', 'Thicket', 'beside it', 'speed', 'by CPU time', 'target', 'reached'];

function cellsOf(row: Row): string[] {
  const speed = speedOf(row);
  const reached = row.target === undefined || speed === undefined ? '' : speed >= row.target.speed ? 'yes' : 'no';
  return [
    row.what, amount(row.thicket, row.unit), row.peer === undefined ? `not run: ${row.missing ?? 'no reason given'}` : amount(row.peer, row.unit),
    times(speed), times(cpuSpeedOf(row)), times(row.target?.speed), reached,
  ];
}

/** @returns the area as a table for the terminal */
export function printed(area: Area): string {
  const lines = [HEAD, ...area.rows.map(cellsOf)];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
  const table = lines.map((cells) => cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  '));
  return `${area.title}, beside ${area.peer}\n${table.join('\n')}\n`;
}

/** Keeps these areas and writes RESULTS.md from the latest run of each. */
export function keep(areas: readonly Area[], machine: Machine): void {
  const runs = { ...latest() };
  for (const area of areas) runs[area.name] = { area, machine, day: new Date().toISOString().slice(0, 10) };
  writeFileSync(LATEST, `${JSON.stringify(runs, undefined, 1)}\n`);
  writeFileSync(RESULTS, document(runs));
}

function latest(): Partial<Record<AreaName, Run>> {
  try {
    return JSON.parse(readFileSync(LATEST, 'utf8')) as Partial<Record<AreaName, Run>>;
  } catch {
    return {};
  }
}

function document(runs: Partial<Record<AreaName, Run>>): string {
  const sections = AREAS.flatMap((name) => (runs[name] === undefined ? [] : [section(runs[name])]));
  return `# What the bench found

Written by \`npm run bench\`; do not edit (what is said below the tables stands in REMARKS.md).
\`speed\` is how fast Thicket is beside its peer: 1 is its equal, 2 is twice as fast, whatever the unit. \`by CPU time\` is the
same by the processor time of the measuring thread, which a busy machine disturbs less. Targets are those of section 11 of the design.

${sections.join('\n')}
${readFileSync(REMARKS, 'utf8')}`;
}

function section({ area, machine, day }: Run): string {
  const rows = [HEAD, HEAD.map((_, column) => (column === 0 ? '---' : '---:')), ...area.rows.map(cellsOf)];
  const targets = [...new Set(area.rows.flatMap(({ target }) => (target === undefined ? [] : [target.says])))];
  return `## ${area.title}

Beside ${area.peer}. ${day}; ${sentenceOf(machine)}.

${rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}

${[...area.how, ...targets.map((says) => `Target: ${says}.`)].map((sentence) => `- ${sentence}`).join('\n')}
`;
}
