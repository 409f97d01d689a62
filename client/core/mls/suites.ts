/** The two cipher suites and what ts-mls calls them. */
import type { CiphersuiteName } from 'ts-mls';
import { MlsFailure, type Suite } from './port.ts';

const NAMES = {
  xwing: 'MLS_256_XWING_CHACHA20POLY1305_SHA512_Ed25519',
  classical: 'MLS_128_DHKEMX25519_CHACHA20POLY1305_SHA256_Ed25519',
} as const satisfies Record<Suite, CiphersuiteName>;

export const ciphersuiteName = (suite: Suite): CiphersuiteName => NAMES[suite];

/** @returns undefined for a suite this project does not speak */
export function suiteNamed(name: string): Suite | undefined {
  if (name === NAMES.xwing) return 'xwing';
  return name === NAMES.classical ? 'classical' : undefined;
}

/** @throws MlsFailure `unreadable-state` */
export function knownSuite(name: string): Suite {
  const suite = suiteNamed(name);
  if (suite === undefined) throw new MlsFailure('unreadable-state', 'unknown suite');
  return suite;
}
