/** The tasks of a page's own thread, by the clock and by the processor time that the thread had: from Chromium's own trace. */
import type { Browser, Page } from 'playwright-core';

/** Of one task, in milliseconds. */
export interface Task {
  readonly wall: number;
  /** On a core: what is left of it on a busy machine. */
  readonly cpu: number;
}
export const LONG_MS = 50;

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds; `tdur` those of the thread. */
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string; readonly data?: { readonly frames?: readonly { readonly url?: string; readonly processId?: number }[] } };
}

const CATEGORIES = ['-*', 'devtools.timeline', 'disabled-by-default-devtools.timeline', 'toplevel', '__metadata'];

/** @returns what the work came to, and every task of the page's thread meanwhile */
export async function tasksDuring<T>(browser: Browser, page: Page, work: () => Promise<T>): Promise<{ result: T; tasks: Task[] }> {
  await browser.startTracing(page, { categories: CATEGORIES });
  let trace: Buffer | undefined;
  let result: T;
  try {
    result = await work();
  } finally {
    trace = await browser.stopTracing();
  }
  return { result, tasks: tasksIn((JSON.parse(trace.toString('utf8')) as { traceEvents: TraceEvent[] }).traceEvents, new URL(page.url()).origin) };
}

function tasksIn(events: readonly TraceEvent[], origin: string): Task[] {
  const frames = events.flatMap(({ name, args }) => (name === 'TracingStartedInBrowser' ? (args?.data?.frames ?? []) : []));
  const pid = frames.find(({ url }) => url?.startsWith(origin))?.processId;
  const main = events.find((event) => event.pid === pid && event.name === 'thread_name' && event.args?.name === 'CrRendererMain')?.tid;
  if (main === undefined) throw new Error('the trace does not say which thread is the page');
  const tasks = events.filter((event) => event.ph === 'X' && event.pid === pid && event.tid === main && event.name === 'RunTask');
  if (tasks.length > 0 && tasks.every(({ tdur }) => tdur === undefined)) throw new Error('the trace has no processor times');
  return tasks.map(({ dur = 0, tdur = 0 }) => ({ wall: dur / 1000, cpu: tdur / 1000 }));
}
