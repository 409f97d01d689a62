/** The seam to the calendar library: an event as an iCalendar file (RFC 5545). It comes by `import()` once there is one. */
import type { Announcement } from '#core/session/api.ts';

export type ToCalendar = (announcement: Announcement) => Promise<Blob>;
/** Undefined: this build writes no calendar files, and no button offers one. */
export const toCalendar: ToCalendar | undefined = undefined as ToCalendar | undefined;
