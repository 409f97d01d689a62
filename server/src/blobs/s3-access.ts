/** Before the relay promises to keep anything: whether it may list, write, read and delete in the bucket, and whether deleting deletes. */
import { randomBytes } from 'node:crypto';
import { S3ServiceError, type S3mini } from 's3mini';
import { StartError } from '../operations/start-error.ts';
import { reasonOf } from './s3-client.ts';

/** Of a day long past, so that a probe which was left behind is swept away with the rest. */
const PROBES = 'blobs/0/';

/** @throws StartError with one line for the operator */
export async function mustHaveAccess(client: S3mini): Promise<void> {
  try {
    if ((await client.listObjectsPaged('/', PROBES, 1)) === null) throw new StartError('THICKET_S3_BUCKET names a bucket that is not there. Make one for this hub alone.');
    await mustKeepAndDelete(client);
  } catch (error) {
    throw error instanceof StartError ? error : new StartError(sentenceFor(error));
  }
}

async function mustKeepAndDelete(client: S3mini): Promise<void> {
  const key = `${PROBES}${randomBytes(16).toString('hex')}`;
  const probe = randomBytes(16);
  const written = await client.putObject(key, probe);
  await written.arrayBuffer();
  const version = written.headers.get('x-amz-version-id');
  const read = await client.getObjectArrayBuffer(key);
  await client.deleteObject(version === null ? key : { key, versionId: version });
  if (version !== null && version !== 'null') {
    throw new StartError('THICKET_S3_BUCKET names a bucket that keeps old versions, so what is deleted would not be gone. Turn versioning off, or suspend it.');
  }
  const deleted = (await client.getObjectArrayBuffer(key)) === null;
  if (read === null || Buffer.compare(Buffer.from(read), probe) !== 0 || !deleted) {
    throw new StartError('The storage at THICKET_S3_ENDPOINT does not give back what it was given, or does not delete what it is told to.');
  }
}

function sentenceFor(error: unknown): string {
  const reason = reasonOf(error);
  if (!(error instanceof S3ServiceError)) return `The storage at THICKET_S3_ENDPOINT cannot be reached (${reason}).`;
  if (error.status === 401 || error.status === 403) {
    return `The storage at THICKET_S3_ENDPOINT does not take the access key and secret key, or they may not list, write, read and delete in the bucket (${reason}).`;
  }
  return `The storage at THICKET_S3_ENDPOINT cannot be used with these settings (${reason}).`;
}
