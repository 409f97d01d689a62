/** Notices between the relay processes of one database (LISTEN / NOTIFY), over a connection that is made again when it breaks. */
import pg from 'pg';
import { DATABASE_TIMES } from './data-source.ts';

export interface NoticeListener {
  /** @param backend pid of the database backend that sent it */
  notice(payload: string, backend: number): void;
  /** Listening again: notices in between were missed. */
  resumed(): void;
}

const PAUSE_MS = 1_000;

/** Never throws: while the database is away it keeps trying. */
export function listenForNotices(url: string, channel: string, listener: NoticeListener): { stop(): Promise<void> } {
  let stopped = false;
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  const again = (): void => {
    client = undefined;
    if (!stopped) timer = setTimeout(() => void connect(), PAUSE_MS);
  };
  const connect = async (): Promise<void> => {
    const fresh = new pg.Client({ connectionString: url, connectionTimeoutMillis: DATABASE_TIMES.connect, keepAlive: true, application_name: 'thicket' });
    client = fresh;
    let lost = false;
    const onLost = () => {
      if (!lost) again();
      lost = true;
    };
    fresh.on('error', onLost);
    fresh.on('end', onLost);
    fresh.on('notification', ({ payload, processId }) => listener.notice(payload ?? '', processId));
    try {
      await fresh.connect();
      await fresh.query(`LISTEN ${channel}`);
      listener.resumed();
    } catch {
      void fresh.end().catch(() => undefined);
      onLost();
    }
  };
  void connect();
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await client?.end().catch(() => undefined);
    },
  };
}
