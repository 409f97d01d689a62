/**
 * The bench: `npm run bench`, `npm run bench -- appends catch-up`, `--quick`. Each area runs in a process of its
 * own, so that the heap of one is not the next one's burden. A whole run writes test/bench/RESULTS.md.
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Machine, sentenceOf, thisMachine } from './machine.ts';
import { AREAS, type Area, type AreaName } from './results.ts';
import { keep, printed } from './report.ts';

const args = process.argv.slice(2);
const quick = args.includes('--quick');
const asked = args.filter((arg) => arg !== '--quick');
const unknown = asked.find((name) => !AREAS.some((area) => area === name));
if (unknown !== undefined) {
  console.error(`There is no bench called "${unknown}". There are: ${AREAS.join(', ')}.`);
  process.exit(2);
}

const machine: Machine = thisMachine();
console.log(`\n${sentenceOf(machine)}\n`);
const found: Area[] = [];
for (const name of AREAS) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const area = await measured(name);
  console.log(printed(area));
  found.push(area);
}
if (!quick) keep(found, machine);

/** @throws Error if the area's process ends without a result */
function measured(name: AreaName): Promise<Area> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL('area.ts', import.meta.url)), [name, quick ? 'quick' : 'whole'], { execArgv: ['--conditions=thicket-source'] });
    let area: Area | undefined;
    child.once('message', (message) => {
      area = message as Area;
    });
    child.once('error', reject);
    child.once('exit', (code) => (area === undefined ? reject(new Error(`${name} ended with ${code} and no result`)) : resolve(area)));
  });
}
