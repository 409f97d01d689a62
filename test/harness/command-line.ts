/** The program `thicket` as a script uses it: real processes, real files, one home a person. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const NODE = join(ROOT, 'node_modules/.bin/node');
const MAIN = join(ROOT, 'client/cli/main.ts');
const QUICK_PACE = new URL('quick-pace.mjs', import.meta.url).href;

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Every line of standard output as JSON. */
  readonly lines: Record<string, unknown>[];
}
export interface Running {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly pid: number;
  /** The next line of standard output that fits, as JSON. Lines before it are passed over. */
  line(fits?: (line: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>;
  readonly ended: Promise<Ended>;
}

/** Somebody at a terminal: a home of their own, and a passphrase in the environment. Nobody watches: the pauses are short. */
export class CommandLine {
  readonly home: string;
  readonly passphrase: string;

  constructor(options: { home?: string; passphrase?: string } = {}) {
    this.home = options.home ?? mkdtempSync(join(tmpdir(), 'thicket-home-'));
    this.passphrase = options.passphrase ?? 'seven quiet otters upstream';
  }

  start(args: readonly string[], options: { json?: boolean; passphrase?: string | undefined; input?: string } = {}): Running {
    const { json = true, passphrase = this.passphrase, input } = options;
    const env: NodeJS.ProcessEnv = { ...process.env, THICKET_PASSPHRASE: passphrase };
    const settings = ['--home', this.home, ...(json ? ['--json'] : [])];
    const child = spawn(NODE, ['--conditions=thicket-source', '--import', QUICK_PACE, MAIN, ...settings, ...args], { env, stdio: ['pipe', 'pipe', 'pipe'] });
    if (input !== undefined) child.stdin.end(input);
    return follow(child);
  }

  run(args: readonly string[], options: { json?: boolean; passphrase?: string; input?: string } = {}): Promise<Ended> {
    return this.start(args, { input: '', ...options }).ended;
  }

  /** Like `run`, for what has to succeed. */
  async do(...args: string[]): Promise<Record<string, unknown>[]> {
    const { code, lines, stderr } = await this.run(args);
    if (code !== 0) throw new Error(`thicket ${args.join(' ')} ended with ${code}: ${stderr}`);
    return lines;
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}

function follow(child: Running['child']): Running {
  let stdout = '';
  let stderr = '';
  let taken = 0;
  let wake: () => void = () => undefined;
  let over = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => ((stdout += text), wake()));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.on('error', () => undefined);
  const parse = () => stdout.split('\n').slice(0, -1).filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Record<string, unknown>);
  const ended = new Promise<Ended>((resolve) =>
    child.once('close', (code) => {
      over = true;
      wake();
      resolve({ code, stdout, stderr, lines: parse() });
    }));
  return {
    child,
    pid: child.pid as number,
    ended,
    async line(fits = () => true) {
      for (;;) {
        const lines = parse();
        const found = lines.findIndex((line, i) => i >= taken && fits(line));
        if (found >= 0) {
          taken = found + 1;
          return lines[found] as Record<string, unknown>;
        }
        if (over) throw new Error(`thicket ended without the line; it said: ${stdout}${stderr}`);
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}
