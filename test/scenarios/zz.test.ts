import { it } from 'vitest';
import { freshSeed } from '../harness/chance.ts';
import { liveTogether } from './twelve-devices.ts';
it('x', async () => { const seed = Number(process.env['THICKET_SEED'] ?? freshSeed()); console.log(seed); console.log(await liveTogether(seed, Number(process.env['OPS'] ?? 100))); });
