import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { InvitationSchema } from './gen/thicket/content/v1/content_pb.ts';
import { invitationLink, parseFoundingLink, parseInvitationLink } from './links.ts';

const invitation = create(InvitationSchema, {
  version: 1, secret: new Uint8Array(16).fill(1), hub: new Uint8Array(16).fill(2), inviter: new Uint8Array(16).fill(3),
});

describe('links', () => {
  it('carry an invitation there and back, secrets in the fragment only', () => {
    const link = invitationLink('https://hub.example', invitation);
    expect(new URL(link).pathname + new URL(link).search).toBe('/');
    expect(parseInvitationLink(`  ${link}\n`)).toEqual({ origin: 'https://hub.example', invitation });
  });
  it('carry a founding token of 32 bytes', () => {
    const token = Buffer.alloc(32, 7).toString('base64url');
    expect(parseFoundingLink(`http://127.0.0.1:8080/#found=${token}`)).toEqual({
      origin: 'http://127.0.0.1:8080', token: new Uint8Array(32).fill(7),
    });
  });
  it('are nothing when cut, longer, of another kind, version or scheme', () => {
    const link = invitationLink('https://hub.example', invitation);
    const wrong = [
      '', 'hello', 'https://hub.example/', link.slice(0, -4), link.replace('#join', '#found'), link.replace('#join=', '#join=*'),
      link.replace('https:', 'javascript:'), invitationLink('https://hub.example', { ...invitation, version: 2 }),
      invitationLink('https://hub.example', { ...invitation, secret: new Uint8Array(15) }),
    ];
    for (const text of wrong) expect(parseInvitationLink(text), text).toBeUndefined();
    for (const text of [link, 'http://x/#found=', `http://x/#found=${Buffer.alloc(31).toString('base64url')}`]) {
      expect(parseFoundingLink(text), text).toBeUndefined();
    }
  });
});
