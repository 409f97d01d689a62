/** What a refused call was refused with. */
import { RelayRefusal } from '#shared/errors.ts';

/** @throws Error when the work was not refused */
export async function refusalOf(work: Promise<unknown>): Promise<RelayRefusal> {
  const error = await work.then(() => undefined, (thrown: unknown) => thrown);
  if (error instanceof RelayRefusal) return error;
  throw new Error(`expected a refusal, got ${error === undefined ? 'success' : String(error)}`);
}

export const codeOf = async (work: Promise<unknown>): Promise<string> => (await refusalOf(work)).code;
