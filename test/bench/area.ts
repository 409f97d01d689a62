/** The process of one area: measures, hands over its rows, and ends. */
import { appends } from './appends/bench.ts';
import { boards } from './boards/bench.ts';
import { inTheBrowser } from './browser/bench.ts';
import { catchUp } from './catch-up/bench.ts';
import { fanout } from './fanout/bench.ts';
import { messages } from './messages/bench.ts';
import { postage } from './postage/bench.ts';
import { openRoom } from './open-room/bench.ts';
import type { Area, AreaName } from './results.ts';
import { rooms } from './rooms/bench.ts';
import { search } from './search/bench.ts';

const RUN: Record<AreaName, (quick: boolean) => Promise<Area>> = { messages, rooms, postage, fanout, appends, 'catch-up': catchUp, search, 'open-room': openRoom, browser: inTheBrowser, boards };

const [name, extent] = process.argv.slice(2);
const area = await RUN[name as AreaName](extent === 'quick');
if (process.send === undefined) console.log(JSON.stringify(area, undefined, 2));
else await new Promise((sent) => process.send?.(area, sent));
process.exit(0);
