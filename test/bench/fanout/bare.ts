/** The bare `ws` broadcast from outside: its process, and a socket to post through. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import WebSocket from 'ws';
import { heapWindow } from '../../harness/heap.ts';
import type { Server } from './wire.ts';

/** @param payloads what is posted: complete events, as the relay would send them */
export async function bareServer(payloads: readonly Uint8Array[]): Promise<Server> {
  const heap = await heapWindow();
  const child: ChildProcess = fork(fileURLToPath(new URL('bare-server.ts', import.meta.url)), {
    execArgv: ['--conditions=thicket-source'], env: { ...process.env, ...heap.environment }, stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (message) => resolve(Number(message)));
    child.once('exit', () => reject(new Error('the bare server did not start')));
  });
  const url = `ws://127.0.0.1:${port}`;
  const socket = new WebSocket(`${url}/post`, { perMessageDeflate: false });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const waiting: (() => void)[] = [];
  socket.on('message', () => waiting.shift()?.());
  return {
    url: `${url}/`,
    held: heap.look,
    hello: undefined,
    post: (index) => {
      socket.send(payloads[index] as Uint8Array);
      return new Promise((resolve) => waiting.push(resolve));
    },
    stop: async () => {
      socket.terminate();
      child.removeAllListeners('exit');
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill();
      await gone;
    },
  };
}
