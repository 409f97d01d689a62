/** What this was measured on. */
import { cpus, loadavg, release, totalmem, type } from 'node:os';

export interface Machine {
  readonly cores: number;
  readonly model: string;
  readonly memory: string;
  readonly system: string;
  readonly node: string;
  /** Programs waiting for a core when the bench began, over the last minute. Above 0.5 the machine was not its own. */
  readonly load: string;
}

export function thisMachine(): Machine {
  return {
    cores: cpus().length,
    model: cpus()[0]?.model.trim() ?? 'unknown',
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${type()} ${release()}`,
    node: process.version,
    load: (loadavg()[0] ?? 0).toFixed(1),
  };
}

export const sentenceOf = ({ cores, model, memory, system, node, load }: Machine): string =>
  `${cores} cores, ${model}, ${memory}, ${system}, Node ${node}; load at the start ${load}`;
