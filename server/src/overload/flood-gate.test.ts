import { EventEmitter } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { FLOOD } from './figures.ts';
import { FloodGate } from './flood-gate.ts';

/** A listening socket as Node has it: turns away what comes while it may hold none. */
class Listening extends EventEmitter {
  maxConnections = Number.MAX_SAFE_INTEGER;
  /** @returns whether it was let in */
  come(): boolean {
    return this.emit(this.maxConnections === 0 ? 'drop' : 'connection', {}) && this.last === 'in';
  }
  private last = '';
  constructor() {
    super();
    this.on('drop', () => (this.last = 'away')).on('connection', () => (this.last = 'in'));
  }
}

describe('the gate', () => {
  const listening = new Listening();
  let now = 0;
  const gate = new FloodGate(listening as never, () => now);
  afterEach(() => gate.open());
  const forge = (count: number): void => {
    for (let index = 0; index < count; index += 1) gate.forged();
  };

  it('lets everybody in while forgeries are few, however long they go on', () => {
    for (let second = 0; second < 100; second += 1) {
      now += 1000;
      forge(FLOOD.forgivenPerSecond);
    }
    expect(gate.isClosed).toBe(false);
    expect(Array.from({ length: 100 }, () => listening.come())).not.toContain(false);
  });

  it('lets one of so many in while they come in a flood, and opens when there is quiet', () => {
    forge(FLOOD.closesAt);
    expect(gate.isClosed).toBe(true);
    const came = Array.from({ length: FLOOD.oneOf * 50 }, () => listening.come());
    expect(came.filter(Boolean)).toHaveLength(50);
    expect(came[0]).toBe(false);
    // Those who got in forge as well: each stands for all who did not.
    forge(50);
    now += 4_000;
    gate.look();
    expect(gate.isClosed).toBe(true);
    now += 2_000;
    gate.look();
    expect(gate.isClosed).toBe(false);
    expect(listening.come()).toBe(true);
  });

  it('is not kept closed by honest people who try again and again', () => {
    now += 10_000;
    forge(FLOOD.closesAt);
    for (let second = 0; second < 2; second += 1) {
      for (let count = 0; count < 10_000; count += 1) listening.come();
      now += 1_000;
      gate.look();
    }
    expect(gate.isClosed).toBe(false);
  });
});
