/** Requests and first socket frames in what came over a connection (RFC 9112, RFC 6455): what the relay itself reads of it. */
import type { Heard } from '../../harness/eavesdropper.ts';

export interface Request {
  readonly address: string;
  readonly at: number;
  readonly path: string;
  readonly headers: ReadonlyMap<string, string>;
  /** Of a WebSocket: its first frame. */
  readonly body: Buffer;
}

const END = Buffer.from('\r\n\r\n');

export function requestsOf({ from: address, at: time, bytes }: Heard): Request[] {
  const requests: Request[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(END, at);
    if (end < 0) break;
    const [first = '', ...lines] = bytes.subarray(at, end).toString('latin1').split('\r\n');
    const headers = new Map(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]));
    const from = end + END.length;
    const isSocket = headers.get('upgrade') === 'websocket';
    const until = isSocket ? bytes.length : from + Number(headers.get('content-length') ?? 0);
    const body = bytes.subarray(from, until);
    requests.push({ address, at: time, path: first.split(' ')[1] ?? '', headers, body: isSocket ? firstFrame(body) : body });
    at = until;
  }
  return requests;
}

/** A device's frame is masked; its payload is shorter than 64 KiB. */
function firstFrame(bytes: Buffer): Buffer {
  if (bytes.length < 2) return Buffer.alloc(0);
  const short = (bytes[1] as number) & 127;
  const start = short === 126 ? 4 : 2;
  const length = short === 126 ? bytes.readUInt16BE(2) : short;
  const mask = bytes.subarray(start, start + 4);
  return Buffer.from(bytes.subarray(start + 4, start + 4 + length).map((byte, index) => byte ^ (mask[index % 4] as number)));
}
