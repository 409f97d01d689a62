/**
 * The links people hand on. Everything secret is in the fragment, which browsers never send.
 *
 *   <origin>/#found=<base64url of the 32-byte founding token>
 *   <origin>/#join=<base64url of thicket.content.v1.Invitation>
 *   <origin>/#link=<base64url of thicket.content.v1.DeviceLink>
 *   <origin>/#board=<base64url of thicket.content.v1.BoardLink>
 */
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { secret32, type Secret32 } from '#shared/ids.ts';
import { BoardLinkSchema, type BoardLink } from './gen/thicket/content/v1/boards_pb.ts';
import { DeviceLinkSchema, InvitationSchema, type DeviceLink, type Invitation } from './gen/thicket/content/v1/content_pb.ts';

export interface FoundingLink {
  readonly origin: string;
  readonly token: Secret32;
}
export interface InvitationLink {
  readonly origin: string;
  readonly invitation: Invitation;
}

/** @returns undefined for anything that is not a founding link */
export function parseFoundingLink(link: string): FoundingLink | undefined {
  const found = split(link, 'found');
  const token = found && secret32(found.bytes);
  return token ? { origin: found.origin, token } : undefined;
}

/** @returns undefined for anything that is not an invitation link of this version */
export function parseInvitationLink(link: string): InvitationLink | undefined {
  const found = split(link, 'join');
  if (found === undefined) return undefined;
  try {
    const invitation = fromBinary(InvitationSchema, found.bytes);
    const sized = invitation.secret.length === 16 && invitation.hub.length === 16 && invitation.inviter.length === 16;
    return invitation.version === 1 && sized ? { origin: found.origin, invitation } : undefined;
  } catch {
    return undefined;
  }
}

export const invitationLink = (origin: string, invitation: Invitation): string =>
  `${origin}/#join=${toBase64url(toBinary(InvitationSchema, invitation))}`;

/** @returns undefined for anything that is not a link for another device, of this version */
export function parseDeviceLink(link: string): { readonly origin: string; readonly link: DeviceLink } | undefined {
  const found = split(link, 'link');
  if (found === undefined) return undefined;
  try {
    const parsed = fromBinary(DeviceLinkSchema, found.bytes);
    const sized = parsed.secret.length === 16 && parsed.hub.length === 16 && parsed.member.length === 16;
    return parsed.version === 1 && sized ? { origin: found.origin, link: parsed } : undefined;
  } catch {
    return undefined;
  }
}

export const deviceLink = (origin: string, link: DeviceLink): string => `${origin}/#link=${toBase64url(toBinary(DeviceLinkSchema, link))}`;

/** @returns undefined for anything that is not a link to a board, of this version */
export function parseBoardLink(link: string): BoardLink | undefined {
  const found = split(link, 'board');
  if (found === undefined) return undefined;
  try {
    const parsed = fromBinary(BoardLinkSchema, found.bytes);
    return parsed.version === 1 && parsed.hub.length === 16 && parsed.board.length === 16 ? parsed : undefined;
  } catch {
    return undefined;
  }
}

export const boardLink = (origin: string, link: BoardLink): string => `${origin}/#board=${toBase64url(toBinary(BoardLinkSchema, link))}`;

function split(link: string, kind: 'found' | 'join' | 'link' | 'board'): { origin: string; bytes: Uint8Array } | undefined {
  let url: URL;
  try {
    url = new URL(link.trim());
  } catch {
    return undefined;
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
  const match = new RegExp(`^#${kind}=([A-Za-z0-9_-]{1,2000})$`, 'u').exec(url.hash);
  const bytes = match?.[1] === undefined ? undefined : fromBase64url(match[1]);
  return bytes === undefined ? undefined : { origin: url.origin, bytes };
}

function fromBase64url(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
  } catch {
    return undefined;
  }
}

const toBase64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/u, '');
