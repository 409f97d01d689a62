/** @cloudflare/voprf-ts by itself, on whatever provider. */
import { type CryptoProvider, Oprf, POPRFClient, POPRFServer, deriveKeyPair } from '@cloudflare/voprf-ts';
import { CryptoNoble } from '@cloudflare/voprf-ts/crypto-noble';
import { randomBytes, utf8 } from '#shared/sodium.ts';
import { type Issuance, must } from './issuance.ts';

export const nobleProvider: CryptoProvider = CryptoNoble;

/** @param batch tokens of one draw. @param count checks of one round */
export async function libraryIssuance(provider: CryptoProvider, seed: Uint8Array, batch: number, count: number): Promise<Issuance> {
  const suite = Oprf.Suite.RISTRETTO255_SHA512;
  const { privateKey, publicKey } = await deriveKeyPair(Oprf.Mode.POPRF, suite, seed, utf8('bench'), provider);
  const server = new POPRFServer(suite, privateKey, provider);
  const client = new POPRFClient(suite, publicKey, provider);
  const info = utf8('a week');
  const inputs = Array.from({ length: batch }, () => randomBytes(32));
  const [state, request] = await client.blind(inputs);
  const evaluation = await server.blindEvaluate(request, info);
  const [output] = await client.finalize(state, evaluation, info);
  return {
    verify: {
      operations: count,
      run: async () => {
        for (let i = 0; i < count; i += 1) must(await server.verifyFinalize(must(inputs[0]), must(output), info));
      },
    },
    evaluate: { operations: 1, run: async () => void (await server.blindEvaluate(request, info)) },
    blind: { operations: 1, run: async () => void (await client.blind(inputs)) },
    finish: { operations: 1, run: async () => void (await client.finalize(state, evaluation, info)) },
  };
}

/** One multiplication by the noble curves that the library brings along. */
export function nobleMultiply(): () => void {
  const group = nobleProvider.Group.get('ristretto255');
  let element = group.generator();
  const scalar = group.desScalar(new Uint8Array(32).fill(7, 0, 31));
  // Not the generator itself, for which noble keeps a table.
  element = element.mul(scalar);
  return () => void element.mul(scalar);
}
