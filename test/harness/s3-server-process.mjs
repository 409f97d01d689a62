/**
 * s3rver in a process of its own (s3-server.ts starts it): node --openssl-legacy-provider s3-server-process.mjs FOLDER BUCKET. Its tokens
 * for the next page are made with DES, which Node has no more unless told so. Prints its port.
 */
import S3rver from '@20minutes/s3rver';

const [directory, bucket] = process.argv.slice(2);
const server = new S3rver({ address: '127.0.0.1', port: 0, directory, silent: true, vhostBuckets: false, configureBuckets: [{ name: bucket }] });

/**
 * A signature covers the path as it was requested. s3rver leaves the slash behind a bucket out of what it checks, unless it takes the
 * bucket for the host's and the slash for where it is mounted.
 */
server.middleware.unshift((context, next) => {
  if (/^\/[^/]+\/$/.test(context.path)) {
    context.mountPath = '/';
    Object.defineProperty(context.state, 'vhost', { get: () => true, set: () => undefined });
  }
  return next();
});

const { port } = await server.run();
process.stdout.write(`${port}\n`);
