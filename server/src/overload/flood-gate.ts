/**
 * Who sends forged posts pays a connection for each, because the first one ends it; making one costs them more than turning
 * it away costs us. So while forgeries come by the hundred, most new connections are turned away unread, whoever's they are:
 * nobody is told from anybody. Connections that stand are not touched, and of the new ones a few are let in, so that who
 * tries again gets through.
 */
import type { Server } from 'node:net';
import { FLOOD } from './figures.ts';

export class FloodGate {
  private readonly server: Pick<Server, 'maxConnections'>;
  private readonly clock: () => number;
  /** Forgeries, less those that time has forgiven. */
  private heat = 0;
  private at = 0;
  private watch: NodeJS.Timeout | undefined;
  private turnedAway = 0;

  /** @param server one that has no `maxConnections` of its own. @param clock milliseconds that never go back */
  constructor(server: Pick<Server, 'maxConnections' | 'on'>, clock: () => number = () => performance.now()) {
    this.server = server;
    this.clock = clock;
    server.on('drop', () => this.dropped());
    server.on('connection', () => {
      if (this.isClosed) this.shut();
    });
  }

  get isClosed(): boolean {
    return this.watch !== undefined;
  }

  /** A signature or token was none, or a connection was used as no device uses one. */
  forged(): void {
    this.cool();
    // While most are turned away, a forgery that got in stands for all that did not. Those turned away are not counted themselves:
    // they may be honest people who try again, and must not keep each other out.
    this.heat = Math.min(FLOOD.hottest, this.heat + (this.isClosed ? FLOOD.oneOf : 1));
    if (this.isClosed || this.heat < FLOOD.closesAt) return;
    this.turnedAway = 0;
    this.watch = setInterval(() => this.look(), FLOOD.lookEveryMs).unref();
    this.shut();
  }

  /** Opens when there has been quiet for a while. */
  look(): void {
    this.cool();
    if (this.heat < FLOOD.opensAt) this.open();
  }

  /** Also for who stops. */
  open(): void {
    clearInterval(this.watch);
    this.watch = undefined;
    this.letIn();
  }

  private dropped(): void {
    if (!this.isClosed) return;
    this.turnedAway += 1;
    if (this.turnedAway < FLOOD.oneOf - 1) return;
    this.turnedAway = 0;
    this.letIn();
  }

  private cool(): void {
    const now = this.clock();
    this.heat = Math.max(0, this.heat - ((now - this.at) / 1000) * FLOOD.forgivenPerSecond);
    this.at = now;
  }

  /** Node then ends a connection before it makes anything of it, which is a fourth of what a refusal in words costs. */
  private shut(): void {
    this.server.maxConnections = 0;
  }

  private letIn(): void {
    this.server.maxConnections = Number.MAX_SAFE_INTEGER;
  }
}
