/** The disclosure as text for a letter: one numbered paragraph a line. */
import type { Breakdown, Disclosure, Line } from './disclosure.ts';

const WIDTH = 110;

export function asText({ day, lines, unaccounted, unseen, absent }: Disclosure): string {
  return [
    `What the operator of this Thicket hub could hand over, counted on ${day} (UTC).`,
    'No secret is shown. Addresses, hashes and sealed bodies exist for each thing counted and could be handed over too; they are named, not listed.',
    '',
    ...lines.flatMap((line, index) => [...paragraph(line, index + 1), '']),
    'What there is nothing of', ...absent.flatMap((sentence) => item(sentence)), '',
    'What this command cannot see', ...unseen.flatMap((sentence) => item(sentence)), '',
    ...(unaccounted.length === 0
      ? ['Everything that was found is accounted for above.']
      : ['NOT ACCOUNTED FOR: this was found and no line above explains it', ...unaccounted.flatMap((sentence) => item(sentence))]),
  ].join('\n');
}

function paragraph({ title, count, is, isNot, breakdown, kept }: Line, number: number): string[] {
  return [
    `${number}. ${title}: ${count}`,
    ...wrapped(is, '   '),
    ...wrapped(`Not in it: ${isNot}`, '   '),
    ...(breakdown === undefined || breakdown.rows.length === 0 ? [] : table(breakdown)),
    ...Object.entries(kept ?? {}).flatMap(([name, what]) => wrapped(`${name}: ${what}`, '     - ', '       ')),
  ];
}

const item = (sentence: string): string[] => wrapped(sentence, '   - ', '     ');

function table({ by, rows }: Breakdown): string[] {
  const all = [[...by, 'count'], ...rows.map((row) => row.map(String))];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
  return all.map((row) => `     ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join('  ').trimEnd()}`);
}

function wrapped(text: string, first: string, further = first): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && further.length + line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((each, index) => (index === 0 ? first : further) + each);
}
