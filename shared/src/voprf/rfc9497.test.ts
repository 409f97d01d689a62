/** RFC 9497 appendix A.1.2 and A.1.3, every vector, through the library on our provider. */
import { DLEQProof, Evaluation, EvaluationRequest, Oprf, POPRFClient, POPRFServer, VOPRFClient, VOPRFServer, deriveKeyPair } from '@cloudflare/voprf-ts';
import { beforeAll, describe, expect, it } from 'vitest';
import { fromHex, hex, sodiumReady, utf8 } from '../sodium.ts';
import { expandMessage } from './expand.ts';
import { libsodiumProvider } from './group.ts';

const SUITE = Oprf.Suite.RISTRETTO255_SHA512;
const group = libsodiumProvider.Group.get('ristretto255');
const bytes = (text: string): Uint8Array => fromHex(text) as Uint8Array;

const SEED = 'a3'.repeat(32);
const KEY_INFO = '74657374206b6579';
const ZERO = '00';
const LONG = '5a'.repeat(17);
const BLIND = '64d37aed22a27f5191de1c1d69fadb899d8862b58eb4220029e036ec4c1f6706';
const OTHER_BLIND = '222a5e897cf59db8145db8d16e597e8facb80ae7d4e26d9881aa6f61d645fc0e';
const BATCH_RANDOM = '419c4f4f5052c53c45f3da494d2b67b220d02118e0857cdbcf037f9ea84bbe0c';

interface Vector {
  readonly input: readonly string[];
  readonly blind: readonly string[];
  readonly blinded: readonly string[];
  readonly evaluated: readonly string[];
  readonly proof: string;
  readonly proofRandom: string;
  readonly output: readonly string[];
}

const VOPRF = {
  secretKey: 'e6f73f344b79b379f1a0dd37e07ff62e38d9f71345ce62ae3a9bc60b04ccd909',
  publicKey: 'c803e2cc6b05fc15064549b5920659ca4a77b2cca6f04f6b357009335476ad4e',
};
const VOPRF_OUTPUTS = [
  'b58cfbe118e0cb94d79b5fd6a6dafb98764dff49c14e1770b566e42402da1a7da4d8527693914139caee5bd03903af43a491351d23b430948dd50cde10d32b3c',
  '8a9a2f3c7f085b65933594309041fc1898d42d0858e59f90814ae90571a6df60356f4610bf816f27afdd84f47719e480906d27ecd994985890e5f539e7ea74b6',
] as const;
const VOPRF_VECTORS: readonly Vector[] = [
  {
    input: [ZERO], blind: [BLIND],
    blinded: ['863f330cc1a1259ed5a5998a23acfd37fb4351a793a5b3c090b642ddc439b945'],
    evaluated: ['aa8fa048764d5623868679402ff6108d2521884fa138cd7f9c7669a9a014267e'],
    proof: 'ddef93772692e535d1a53903db24367355cc2cc78de93b3be5a8ffcc6985dd066d4346421d17bf5117a2a1ff0fcb2a759f58a539dfbe857a40bce4cf49ec600d',
    proofRandom: OTHER_BLIND,
    output: [VOPRF_OUTPUTS[0]],
  },
  {
    input: [LONG], blind: [BLIND],
    blinded: ['cc0b2a350101881d8a4cba4c80241d74fb7dcbfde4a61fde2f91443c2bf9ef0c'],
    evaluated: ['60a59a57208d48aca71e9e850d22674b611f752bed48b36f7a91b372bd7ad468'],
    proof: '401a0da6264f8cf45bb2f5264bc31e109155600babb3cd4e5af7d181a2c9dc0a67154fabf031fd936051dec80b0b6ae29c9503493dde7393b722eafdf5a50b02',
    proofRandom: OTHER_BLIND,
    output: [VOPRF_OUTPUTS[1]],
  },
  {
    input: [ZERO, LONG], blind: [BLIND, OTHER_BLIND],
    blinded: ['863f330cc1a1259ed5a5998a23acfd37fb4351a793a5b3c090b642ddc439b945', '90a0145ea9da29254c3a56be4fe185465ebb3bf2a1801f7124bbbadac751e654'],
    evaluated: ['aa8fa048764d5623868679402ff6108d2521884fa138cd7f9c7669a9a014267e', 'cc5ac221950a49ceaa73c8db41b82c20372a4c8d63e5dded2db920b7eee36a2a'],
    proof: 'cc203910175d786927eeb44ea847328047892ddf8590e723c37205cb74600b0a5ab5337c8eb4ceae0494c2cf89529dcf94572ed267473d567aeed6ab873dee08',
    proofRandom: BATCH_RANDOM,
    output: VOPRF_OUTPUTS,
  },
];

const POPRF = {
  secretKey: '145c79c108538421ac164ecbe131942136d5570b16d8bf41a24d4337da981e07',
  publicKey: 'c647bef38497bc6ec077c22af65b696efa43bff3b4a1975a3e8e0a1c5a79d631',
};
const INFO = '7465737420696e666f';
const POPRF_OUTPUTS = [
  'ca688351e88afb1d841fde4401c79efebb2eb75e7998fa9737bd5a82a152406d38bd29f680504e54fd4587eddcf2f37a2617ac2fbd2993f7bdf45442ace7d221',
  '7c6557b276a137922a0bcfc2aa2b35dd78322bd500235eb6d6b6f91bc5b56a52de2d65612d503236b321f5d0bebcbc52b64b92e426f29c9b8b69f52de98ae507',
] as const;
const POPRF_VECTORS: readonly Vector[] = [
  {
    input: [ZERO], blind: [BLIND],
    blinded: ['c8713aa89241d6989ac142f22dba30596db635c772cbf25021fdd8f3d461f715'],
    evaluated: ['1a4b860d808ff19624731e67b5eff20ceb2df3c3c03b906f5693e2078450d874'],
    proof: '41ad1a291aa02c80b0915fbfbb0c0afa15a57e2970067a602ddb9e8fd6b7100de32e1ecff943a36f0b10e3dae6bd266cdeb8adf825d86ef27dbc6c0e30c52206',
    proofRandom: OTHER_BLIND,
    output: [POPRF_OUTPUTS[0]],
  },
  {
    input: [LONG], blind: [BLIND],
    blinded: ['f0f0b209dd4d5f1844dac679acc7761b91a2e704879656cb7c201e82a99ab07d'],
    evaluated: ['8c3c9d064c334c6991e99f286ea2301d1bde170b54003fb9c44c6d7bd6fc1540'],
    proof: '4c39992d55ffba38232cdac88fe583af8a85441fefd7d1d4a8d0394cd1de77018bf135c174f20281b3341ab1f453fe72b0293a7398703384bed822bfdeec8908',
    proofRandom: OTHER_BLIND,
    output: [POPRF_OUTPUTS[1]],
  },
  {
    input: [ZERO, LONG], blind: [BLIND, OTHER_BLIND],
    blinded: ['c8713aa89241d6989ac142f22dba30596db635c772cbf25021fdd8f3d461f715', '423a01c072e06eb1cce96d23acce06e1ea64a609d7ec9e9023f3049f2d64e50c'],
    evaluated: ['1a4b860d808ff19624731e67b5eff20ceb2df3c3c03b906f5693e2078450d874', 'aa1f16e903841036e38075da8a46655c94fc92341887eb5819f46312adfc0504'],
    proof: '43fdb53be399cbd3561186ae480320caa2b9f36cca0e5b160c4a677b8bbf4301b28f12c36aa8e11e5a7ef551da0781e863a6dc8c0b2bf5a149c9e00621f02006',
    proofRandom: BATCH_RANDOM,
    output: POPRF_OUTPUTS,
  },
];

beforeAll(sodiumReady);

const hexes = (values: readonly { serialize(): Uint8Array }[]): string[] => values.map((value) => hex(value.serialize()));

/** The blinds of the vector instead of random ones. */
function withBlinds<Client extends VOPRFClient | POPRFClient>(client: Client, { blind }: Vector): Client {
  const blinds = blind.map((scalar) => group.desScalar(bytes(scalar)));
  client.randomBlinder = async () => blinds.shift() ?? group.randomScalar();
  return client;
}
function withRandom<Server extends VOPRFServer | POPRFServer>(server: Server, { proofRandom }: Vector): Server {
  const prover = (server as unknown as { prover: { randomScalar(): Promise<unknown> } }).prover;
  prover.randomScalar = async () => group.desScalar(bytes(proofRandom));
  return server;
}
/** Both as they would travel: through bytes. */
const overTheWire = (request: EvaluationRequest): EvaluationRequest => EvaluationRequest.deserialize(SUITE, request.serialize(), libsodiumProvider);
const replyOverTheWire = (evaluation: Evaluation): Evaluation => Evaluation.deserialize(SUITE, evaluation.serialize(), libsodiumProvider);

describe('RFC 9497, ristretto255-SHA512, mode VOPRF', () => {
  it('derives the key pair', async () => {
    const { privateKey, publicKey } = await deriveKeyPair(Oprf.Mode.VOPRF, SUITE, bytes(SEED), bytes(KEY_INFO), libsodiumProvider);
    expect({ secretKey: hex(privateKey), publicKey: hex(publicKey) }).toEqual(VOPRF);
  });

  it.each(VOPRF_VECTORS.map((vector, index) => [index + 1, vector] as const))('gives vector %i', async (_number, vector) => {
    const client = withBlinds(new VOPRFClient(SUITE, bytes(VOPRF.publicKey), libsodiumProvider), vector);
    const server = withRandom(new VOPRFServer(SUITE, bytes(VOPRF.secretKey), libsodiumProvider), vector);
    const [state, request] = await client.blind(vector.input.map(bytes));
    expect(hexes(request.blinded)).toEqual(vector.blinded);
    const evaluation = await server.blindEvaluate(overTheWire(request));
    expect(hexes(evaluation.evaluated)).toEqual(vector.evaluated);
    expect(hex((evaluation.proof as DLEQProof).serialize())).toBe(vector.proof);
    expect((await client.finalize(state, replyOverTheWire(evaluation))).map(hex)).toEqual(vector.output);
    for (const [index, input] of vector.input.entries()) expect(hex(await server.evaluate(bytes(input)))).toBe(vector.output[index]);
  });
});

describe('RFC 9497, ristretto255-SHA512, mode POPRF', () => {
  it('derives the key pair', async () => {
    const { privateKey, publicKey } = await deriveKeyPair(Oprf.Mode.POPRF, SUITE, bytes(SEED), bytes(KEY_INFO), libsodiumProvider);
    expect({ secretKey: hex(privateKey), publicKey: hex(publicKey) }).toEqual(POPRF);
  });

  it.each(POPRF_VECTORS.map((vector, index) => [index + 1, vector] as const))('gives vector %i', async (_number, vector) => {
    const client = withBlinds(new POPRFClient(SUITE, bytes(POPRF.publicKey), libsodiumProvider), vector);
    const server = withRandom(new POPRFServer(SUITE, bytes(POPRF.secretKey), libsodiumProvider), vector);
    const [state, request] = await client.blind(vector.input.map(bytes));
    expect(hexes(request.blinded)).toEqual(vector.blinded);
    const evaluation = await server.blindEvaluate(overTheWire(request), bytes(INFO));
    expect(hexes(evaluation.evaluated)).toEqual(vector.evaluated);
    expect(hex((evaluation.proof as DLEQProof).serialize())).toBe(vector.proof);
    expect((await client.finalize(state, replyOverTheWire(evaluation), bytes(INFO))).map(hex)).toEqual(vector.output);
    for (const [index, input] of vector.input.entries()) expect(hex(await server.evaluate(bytes(input), bytes(INFO)))).toBe(vector.output[index]);
  });
});

describe('ristretto255 on libsodium', () => {
  it('adds, subtracts and multiplies as a group does, through the identity too', () => {
    const g = group.generator();
    const [two, three] = [2, 3].map((value) => group.desScalar(Uint8Array.of(value, ...new Uint8Array(31)))) as [ReturnType<typeof group.newScalar>, ReturnType<typeof group.newScalar>];
    expect(g.add(g).isEqual(g.mul(two))).toBe(true);
    expect(g.mul2(two, g, three).isEqual(g.mul(two.add(three)))).toBe(true);
    expect(g.add(g.neg()).isIdentity()).toBe(true);
    expect(g.add(group.identity()).isEqual(g)).toBe(true);
    expect(group.identity().add(g).isEqual(g)).toBe(true);
    expect(g.mul(two.sub(two)).isIdentity()).toBe(true);
    expect(group.identity().mul(two).isIdentity()).toBe(true);
    expect(g.mul(three).mul(three.inv()).isEqual(g)).toBe(true);
    expect(three.mul(three.inv()).sub(three.mul(three.inv())).isZero()).toBe(true);
    expect(group.mulGen(three).isEqual(g.mul(three))).toBe(true);
    // The multiplication that knows nothing of the generator agrees with the one made for it.
    expect(group.desElt(g.serialize()).mul(three).isEqual(g.mul(three))).toBe(true);
  });

  it('reads canonical encodings alone, and never the identity', () => {
    const order = bytes('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010');
    const belowOrder = bytes('ecd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010');
    expect(hex(group.desScalar(belowOrder).serialize())).toBe(hex(belowOrder));
    for (const bad of [order, new Uint8Array(32).fill(0xff), new Uint8Array(31), new Uint8Array(33)]) expect(() => group.desScalar(bad)).toThrow();
    const g = group.generator().serialize();
    expect(group.desElt(g).isEqual(group.generator())).toBe(true);
    // RFC 9496 appendix A.3: not below the field's order, negative, not on the curve; then wrong sizes and the identity.
    const bad = [
      'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f', '0100000000000000000000000000000000000000000000000000000000000000',
      '26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371', '00'.repeat(32), `${hex(g)}00`, hex(g.subarray(1)), '',
    ];
    for (const encoding of bad) expect(() => group.desElt(bytes(encoding)), encoding).toThrow();
  });

  it('expands messages under tags whose length fits one byte', () => {
    expect(() => expandMessage(utf8('abc'), new Uint8Array(0))).toThrow(RangeError);
    expect(() => expandMessage(utf8('abc'), new Uint8Array(256))).toThrow(RangeError);
    expect(hex(expandMessage(utf8('abc'), utf8('a')))).not.toBe(hex(expandMessage(utf8('bc'), utf8('aa'))));
  });
});
