/** Decoding of facts that came from outside: a value or undefined, never an exception. */
import { fromBinary, type DescMessage, type MessageShape } from '@bufbuild/protobuf';

export function decode<Desc extends DescMessage>(schema: Desc, bytes: Uint8Array): MessageShape<Desc> | undefined {
  try {
    return fromBinary(schema, bytes);
  } catch {
    return undefined;
  }
}
