/**
 * An anonymous call by way of a neighbour hub (RFC 9458): sealed to our own hub's gateway, carried by the neighbour. Only
 * what opens as the gateway's answer to this very call is an answer; whatever else comes back, a refusal in the hub's own
 * words too, could be the neighbour's invention, and says no more than that there was no answer.
 */
import { isRefusalCode } from '#shared/errors.ts';
import { RefusalSchema } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { KiB } from '#shared/limits.ts';
import { decodeResponse, encodeRequest, LARGEST_PADDED, padMessage } from '#shared/ohttp/binary-http.ts';
import { encapsulateRequest, RESPONSE_OVERHEAD, type SealedRequest } from '#shared/ohttp/encapsulation.ts';
import { decodeKeyConfig } from '#shared/ohttp/key-config.ts';
import { sodiumReady } from '#shared/sodium.ts';
import { fromBinary } from '@bufbuild/protobuf';
import { NeighbourUnreachable, type Neighbour } from './port.ts';

const REQUEST_TYPE = 'message/ohttp-req';
const RESPONSE_TYPE = 'message/ohttp-res';
const LARGEST_RESPONSE = LARGEST_PADDED + RESPONSE_OVERHEAD;
const REFUSAL_BYTES = 4 * KiB;

export interface Carrying {
  /** Origin of our own hub. */
  readonly hub: string;
  readonly neighbour: Neighbour;
  readonly send: typeof fetch;
  /** Reads a reply to its end, or throws where it is longer than the limit (bytes) or too slow. */
  readonly read: (response: Response, limit: number) => Promise<Uint8Array>;
}

/**
 * @param path and `request` of the call as it would go straight
 * @returns the gateway's reply to it
 * @throws NeighbourUnreachable
 */
export async function sendThrough({ hub, neighbour, send, read }: Carrying, path: string, request: RequestInit): Promise<Response> {
  try {
    await sodiumReady();
    const sealed = seal(hub, neighbour, path, request);
    const address = `${neighbour.origin}/v1/oblivious/${new URL(hub).host}`;
    const reply = await send(address, {
      ...request, method: 'POST', headers: { 'content-type': REQUEST_TYPE }, body: sealed.encapsulated as Uint8Array<ArrayBuffer>,
    });
    const isAnswer = reply.status === 200 && reply.headers.get('content-type') === RESPONSE_TYPE;
    if (!isAnswer) throw new NeighbourUnreachable(reasonIn(await read(reply, REFUSAL_BYTES)));
    const opened = sealed.openResponse(await read(reply, LARGEST_RESPONSE));
    const inner = opened && decodeResponse(opened);
    if (inner === undefined) throw new NeighbourUnreachable('no-answer');
    return new Response(inner.body as Uint8Array<ArrayBuffer>, { status: inner.status, headers: { 'content-type': inner.contentType } });
  } catch (cause) {
    throw cause instanceof NeighbourUnreachable ? cause : new NeighbourUnreachable('no-answer', { cause });
  }
}

function seal(hub: string, { gateway }: Neighbour, path: string, { method = 'GET', headers, body }: RequestInit): SealedRequest {
  const inner = {
    method, path, contentType: new Headers(headers).get('content-type') ?? '', body: body instanceof Uint8Array ? body : new Uint8Array(0),
  };
  const padded = padMessage(encodeRequest(hub, inner));
  const config = decodeKeyConfig(gateway);
  const sealed = padded && config && encapsulateRequest(config, padded);
  if (sealed === undefined) throw new NeighbourUnreachable('no-answer');
  return sealed;
}

/** For the steward who tries a neighbour out: what its refusal says, for what that is worth. */
function reasonIn(bytes: Uint8Array): NeighbourUnreachable['why'] {
  try {
    const { code } = fromBinary(RefusalSchema, bytes);
    return isRefusalCode(code) && (code === 'unknown-neighbour' || code === 'bad-encapsulation') ? code : 'no-answer';
  } catch {
    return 'no-answer';
  }
}
