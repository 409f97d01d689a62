/** The page's end of the worker that handles pictures. It starts with the first picture; should one bring it down, the next starts another. */
import picturesUrl from '../../workers/pictures.ts?worker&url';
import type { Answered, Asked, Job, Result } from '../../workers/pictures-protocol.ts';
import { trusted } from '../../workers/trusted.ts';

/** A picture that takes longer is not going to come. */
const LONGEST_MS = 60_000;

interface Running {
  readonly worker: Worker;
  readonly waiting: Map<number, (result: Answered['result']) => void>;
}

let running: Running | undefined;
let last = 0;

function start(): Running {
  const worker = new Worker(trusted(picturesUrl), { type: 'module', name: 'thicket-pictures' });
  const waiting: Running['waiting'] = new Map();
  const settle = (id: number, result: Answered['result']): void => {
    waiting.get(id)?.(result);
    waiting.delete(id);
  };
  const end = (): void => {
    worker.terminate();
    if (running?.worker === worker) running = undefined;
    for (const id of waiting.keys()) settle(id, undefined);
  };
  worker.addEventListener('message', ({ data }: MessageEvent<Answered>) => settle(data.id, data.result));
  worker.addEventListener('error', end);
  return { worker, waiting };
}

/** @returns undefined where it could not be done: it is no picture, or none that can be borne */
export function picture<J extends Job>(job: J): Promise<Result<J> | undefined> {
  running ??= start();
  const { worker, waiting } = running;
  const id = (last += 1);
  return new Promise((resolve) => {
    const over = setTimeout(() => {
      waiting.delete(id);
      resolve(undefined);
    }, LONGEST_MS);
    waiting.set(id, (result) => {
      clearTimeout(over);
      resolve(result as Result<J> | undefined);
    });
    worker.postMessage({ id, job } satisfies Asked, job.what === 'shrink' ? [job.bitmap] : []);
  });
}
