import { expect, it } from 'vitest';
import { freshSeed } from '../harness/chance.ts';
import { liveTogether } from './twelve-devices.ts';

it('six people with two devices each, over bad lines, agree after two thousand acts', async () => {
  const seed = Number(process.env['THICKET_SEED'] ?? freshSeed());
  console.log(`twelve devices, seed ${seed}`);
  const counted = await liveTogether(seed, Number(process.env['THICKET_ACTS'] ?? 2_000));
  console.log(counted);
  expect(counted.acknowledged).toBeGreaterThan(400);
  expect(counted.lost).toBeGreaterThan(3);
  expect(counted.moved, 'times the room was set up anew').toBeGreaterThan(0);
});
