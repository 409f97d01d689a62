/** Refusals where no reply of Fastify exists: the bytes of a whole HTTP response, after which the connection ends. */
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { RelayRefusal } from '#shared/errors.ts';
import { PROTOBUF, encodeRefusal } from './protobuf.ts';

export function endWithRefusal(socket: Duplex, refusal: RelayRefusal): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = encodeRefusal(refusal);
  const head = [
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? ''}`, `Content-Type: ${PROTOBUF}`, `Content-Length: ${body.length}`,
    'Cache-Control: no-store', 'Connection: close',
  ];
  socket.on('error', () => undefined);
  socket.end(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), body]), () => socket.destroy());
}
