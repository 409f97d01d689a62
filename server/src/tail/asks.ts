/** What a frame to the relay asks for. */
import { RelayRefusal } from '#shared/errors.ts';
import { type TailOpen, TailRequestSchema } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { LIMITS } from '#shared/limits.ts';
import { decode } from '../http/protobuf.ts';

export type TailAsk =
  | { readonly what: 'open'; readonly open: TailOpen }
  | { readonly what: 'ping' }
  | { readonly what: 'unreadable'; readonly refusal: RelayRefusal };

export function parseAsk(bytes: Buffer, isBinary: boolean): TailAsk {
  if (!isBinary) return unreadable(new RelayRefusal('malformed'));
  if (bytes.length > LIMITS.tailRequest) return unreadable(new RelayRefusal('too-large'));
  try {
    const { request } = decode(TailRequestSchema, bytes);
    if (request.case === 'open') return { what: 'open', open: request.value };
    if (request.case === 'ping') return { what: 'ping' };
    return unreadable(new RelayRefusal('malformed'));
  } catch (error) {
    return unreadable(error instanceof RelayRefusal ? error : new RelayRefusal('malformed'));
  }
}

const unreadable = (refusal: RelayRefusal): TailAsk => ({ what: 'unreadable', refusal });
