/** The table a seizure ends in: what was sought, where, what was found, and what that means. */

export interface Row {
  readonly sought: string;
  readonly where: string;
  /** How many of how many, or a figure in words. */
  readonly found: number;
  readonly of?: number;
  readonly means: string;
  /** `nothing`: promised, the test fails on any find. `counts`: what a seizure does get. `open`: found, known, and listed in the threat model. */
  readonly promise: 'nothing' | 'counts' | 'open';
}

export const broken = (rows: readonly Row[]): Row[] => rows.filter(({ promise, found }) => promise === 'nothing' && found > 0);

/** As Markdown, which a terminal shows just as well. */
export function asTable(rows: readonly Row[]): string {
  const cells = [
    ['sought', 'where', 'found', 'what it means'],
    ...rows.map(({ sought, where, found, of, means, promise }) => [
      sought, where, `${found === 0 ? 'nothing' : found}${of === undefined ? '' : ` of ${of}`}`, `${promise === 'open' && found > 0 ? '**known, open:** ' : ''}${means}`,
    ]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((row) => (row[column] as string).length)));
  const line = (row: readonly string[]): string => `| ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(cells[0] as string[]), '|---|---|---|---|', ...cells.slice(1).map(line)].join('\n');
}
