import { expect, it } from 'vitest';
import { Turns } from './turns.ts';

it('work with one key comes in turns, also after work that failed; another key waits for nobody', async () => {
  const turns = new Turns();
  const said: string[] = [];
  let finish = (): void => undefined;
  const first = turns.next('a', () => new Promise<void>((_resolve, reject) => {
    said.push('first');
    finish = () => reject(new Error('cut'));
  }));
  const second = turns.next('a', async () => said.push('second'));
  await turns.next('b', async () => said.push('other'));
  expect(said).toEqual(['first', 'other']);
  finish();
  await expect(first).rejects.toThrow('cut');
  await second;
  expect(said).toEqual(['first', 'other', 'second']);
});
