/** When what the relay stores ends. A day counts whole: what comes on it is kept for so many days after it. */
import { Kind } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { RETENTION_DAYS } from '#shared/limits.ts';

const DAYS_OF_KIND: ReadonlyMap<number, number> = new Map([
  [Kind.POST, RETENTION_DAYS.post],
  [Kind.COMMIT, RETENTION_DAYS.commit],
  [Kind.DROP, RETENTION_DAYS.drop],
  [Kind.NOTICE, RETENTION_DAYS.notice],
]);

/** @returns the first day on which a thing of `day` that is kept for `days` must be gone; days since 1970 */
export const expiryAfter = (day: number, days: number): number => day + days + 1;

/** @param kind a Kind of the wire; one nobody knows goes with the posts */
export const expiryOfRecord = (kind: number, day: number): number => expiryAfter(day, DAYS_OF_KIND.get(kind) ?? RETENTION_DAYS.post);
