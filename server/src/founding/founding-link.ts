/** What the operator reads when the hub waits for its founder. */
import { renderUnicodeCompact } from 'uqr';

/** The token stands behind the `#`, which a browser never sends. @param origin without a slash at the end */
export const foundingLink = (origin: string, token: Uint8Array): string => `${origin}/#found=${Buffer.from(token).toString('base64url')}`;

/** The link plain, then as a QR code for a phone's camera. */
export const foundingNotice = (link: string): string =>
  `This hub has no founder yet. Open this link to found it; it works once, and until the next start:\n\n  ${link}\n\n${renderUnicodeCompact(link)}\n`;
