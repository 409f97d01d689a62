/** How relay processes on one database learn of each other's records: a notice that names the shard and nothing else. */
import { Injectable } from '@nestjs/common';

export const LOG_CHANNEL = 'thicket_log';
/** Instead of a shard's number: there are other shards now. */
export const LAYOUT_NOTICE = 'layout';

/** Database backends this process appended through: their notices are about records it knows already. */
@Injectable()
export class OwnBackends {
  private readonly pids = new Set<number>();

  add(pid: number): void {
    if (this.pids.size > 10_000) this.pids.clear();
    this.pids.add(pid);
  }

  has(pid: number): boolean {
    return this.pids.has(pid);
  }
}
