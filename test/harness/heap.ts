/** What a relay in a process of its own really holds: looked at through Node's inspector, after its garbage is collected. */
import WebSocket from 'ws';
import { freePort } from './relay.ts';

export interface Held {
  /** KiB of JavaScript objects that are still reachable. */
  readonly heapKiB: number;
  /** KiB outside that heap that objects hold on to: buffers. */
  readonly buffersKiB: number;
  /** KiB of the process as the system counts it, once all that is not reachable has been given up. */
  readonly residentKiB: number;
}

/** A place for the inspector of a process that is yet to be started. `environment` goes to it. */
export async function heapWindow(): Promise<{ readonly environment: Readonly<Record<string, string>>; look(): Promise<Held> }> {
  const port = await freePort();
  return { environment: { NODE_OPTIONS: `--inspect=127.0.0.1:${port}` }, look: () => lookThrough(port) };
}

const MEMORY = 'JSON.stringify((({ heapUsed, external, rss }) => ({ heapKiB: Math.round(heapUsed / 1024), buffersKiB: Math.round(external / 1024), residentKiB: Math.round(rss / 1024) }))(process.memoryUsage()))';

async function lookThrough(port: number): Promise<Held> {
  const [target] = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as { webSocketDebuggerUrl: string }[];
  const socket = new WebSocket(target?.webSocketDebuggerUrl as string, { perMessageDeflate: false });
  try {
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    // Twice: what finalizers let go of goes with the second.
    await ask(socket, 1, 'HeapProfiler.collectGarbage');
    await ask(socket, 2, 'HeapProfiler.collectGarbage');
    const { result } = (await ask(socket, 3, 'Runtime.evaluate', { expression: MEMORY })) as { result: { value: string } };
    return JSON.parse(result.value) as Held;
  } finally {
    socket.terminate();
  }
}

function ask(socket: WebSocket, id: number, method: string, params: object = {}): Promise<unknown> {
  return new Promise((resolve, reject) => {
    socket.once('close', () => reject(new Error('the process is gone')));
    socket.on('message', (data: Buffer) => {
      const answer = JSON.parse(data.toString('utf8')) as { id?: number; result?: unknown };
      if (answer.id === id) resolve(answer.result);
    });
    socket.send(JSON.stringify({ id, method, params }));
  });
}
