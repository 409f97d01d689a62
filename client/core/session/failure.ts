/** From what the ports throw to the codes a person's sentence hangs on. */
import { RelayRefusal, type RefusalCode } from '#shared/errors.ts';
import { MlsFailure, type MlsFailureCode } from '../mls/port.ts';
import { NeighbourUnreachable, RelayUnreachable } from '../relay/port.ts';
import { VaultFailure, type VaultFailureCode } from '../vault/port.ts';
import { SessionFailure, type SessionFailureCode } from './api.ts';

const OF_VAULT: Record<VaultFailureCode, SessionFailureCode> = {
  'exists': 'vault-exists',
  'absent': 'no-vault',
  'wrong-passphrase': 'wrong-passphrase',
  'damaged': 'vault-damaged',
  'newer-version': 'vault-newer',
  'locked': 'locked',
  'in-use': 'vault-in-use',
  'storage-full': 'device-full',
  'storage-unavailable': 'device-storage',
};

const OF_MLS: Partial<Record<MlsFailureCode, SessionFailureCode>> = {
  'invalid-key-package': 'bad-key-package',
  'too-long': 'message-too-long',
  'not-active': 'room-inactive',
};

const OF_RELAY: Partial<Record<RefusalCode, SessionFailureCode>> = {
  'storage-full': 'relay-full',
  'too-many': 'relay-busy',
  'storage-unavailable': 'relay-busy',
  'shutting-down': 'relay-busy',
  // Nobody knows what was carried out, so the same bytes go again.
  'internal': 'relay-busy',
  'not-founded': 'not-founded',
  'already-founded': 'already-founded',
  'bad-founding-link': 'link-used',
  'unknown-rendezvous': 'link-expired',
  'already-claimed': 'somebody-else-claimed',
};

/** Wraps anything thrown below the session; a SessionFailure passes as it is. */
export function asSessionFailure(thrown: unknown): SessionFailure {
  if (thrown instanceof SessionFailure) return thrown;
  return new SessionFailure(codeOf(thrown), { cause: thrown });
}

function codeOf(thrown: unknown): SessionFailureCode {
  if (thrown instanceof RelayUnreachable || isMissingPart(thrown)) return 'offline';
  if (thrown instanceof NeighbourUnreachable) return 'neighbour-offline';
  if (thrown instanceof RelayRefusal) return OF_RELAY[thrown.code] ?? 'relay-refused';
  if (thrown instanceof VaultFailure) return OF_VAULT[thrown.code];
  if (thrown instanceof MlsFailure) return OF_MLS[thrown.code] ?? 'internal';
  return 'internal';
}

/** A part of this program that is fetched when it is first needed did not come. Each browser says so in words of its own. */
const isMissingPart = (thrown: unknown): boolean =>
  thrown instanceof TypeError && /dynamically imported module|importing a module script/i.test(thrown.message);

/** Worth trying again later with the same bytes. */
export const isPassing = (thrown: unknown): boolean => ['offline', 'neighbour-offline', 'relay-busy', 'relay-full', 'no-postage'].includes(asSessionFailure(thrown).code);
