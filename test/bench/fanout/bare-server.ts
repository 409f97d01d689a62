/**
 * A bare `ws` broadcast, as its manual shows it: what comes in on one socket goes out to all others, and nothing is
 * kept. The poster's socket is told the count of what was sent on.
 */
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
const readers = new Set<WebSocket>();

server.on('listening', () => process.send?.((server.address() as AddressInfo).port));
server.on('connection', (socket, request) => {
  socket.on('error', () => undefined);
  if (request.url === '/post') {
    socket.on('message', (data: Buffer) => {
      for (const reader of readers) reader.send(data);
      socket.send('1');
    });
    return;
  }
  readers.add(socket);
  socket.on('close', () => readers.delete(socket));
});
process.on('disconnect', () => process.exit());
