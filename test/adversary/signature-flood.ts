/**
 * mallory's process in the flood of bad signatures: draws tokens as any device does, then sends posts to a real mailbox
 * in its real slot, everything right but the signature, on a few connections that she opens anew when they are closed.
 */
import { create, toBinary } from '@bufbuild/protobuf';
import { Kind, PostRecordSchema } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import type { HubId, MailboxId, PassId, Secret32 } from '#shared/ids.ts';
import { POST_BODY_SIZES } from '#shared/limits.ts';
import { TOKEN_BYTES } from '#shared/postage.ts';
import { weekOfToken } from '#shared/voprf/tokens.ts';
import { Poster } from '../harness/poster.ts';
import { Purse } from '../harness/purse.ts';
import { Wire, random } from '../harness/wire.ts';

export interface FloodOrder {
  readonly origin: string;
  /** In hexadecimal. */
  readonly hub: string;
  readonly mailbox: string;
  readonly pass: { readonly id: string; readonly secret: string };
  readonly posts: number;
  /** `fresh`: each with a token of its own, drawn first; `made-up`: with 100 bytes that look like one. */
  readonly tokens: 'fresh' | 'made-up';
}
/** How often each status came; 0 is a connection that was closed. */
export type FloodReport = Readonly<Record<number, number>>;

const CONNECTIONS = 16;

process.on('message', (message) => {
  void flood(message as FloodOrder).then((report) => process.send?.(report));
});
process.on('disconnect', () => process.exit());

async function flood({ origin, hub, mailbox, pass, posts, tokens }: FloodOrder): Promise<FloodReport> {
  const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));
  const purse = Purse.of(new Wire(origin), bytes(hub) as HubId, { id: bytes(pass.id) as PassId, secret: bytes(pass.secret) as Secret32 });
  const real = await purse.take(1);
  const report: Record<number, number> = {};
  let sent = 0;
  const connection = async (): Promise<void> => {
    let poster = await Poster.to(origin);
    while (sent < posts) {
      sent += 1;
      const postage = tokens === 'fresh' ? await purse.take(1) : madeUp(real);
      const body = toBinary(PostRecordSchema, create(PostRecordSchema, {
        mailbox: bytes(mailbox) as MailboxId, kind: Kind.POST, slot: 0n, body: random(POST_BODY_SIZES[0]), signature: random(64), postage,
      }));
      const status = await poster.post(Poster.request(origin, '/v1/records', body));
      report[status] = (report[status] ?? 0) + 1;
      if (!poster.isOpen) {
        poster.close();
        poster = await Poster.to(origin);
      }
    }
    poster.close();
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  return report;
}

/** Of the right week, and of nobody's making. */
function madeUp(real: Uint8Array): Uint8Array {
  const token = random(TOKEN_BYTES);
  new DataView(token.buffer).setUint32(0, weekOfToken(real) as number);
  return token;
}
