/** Adds up what passed and failed, and how long each phase took. */
import { seconds } from '../steps/progress.mjs';
import { StepFailure } from '../steps/run.mjs';

export class Tally {
  passed = 0;
  failed = 0;
  skipped = 0;
  #ran = 0;
  #phases = [];

  /** Something the tests need. If it fails, there is nothing to go on with. */
  step(name, work) {
    return this.#timed(name, work);
  }

  /** Something that is itself a check. The run goes on if it fails. */
  async check(name, work) {
    try {
      await this.#timed(name, work);
      this.passed += 1;
    } catch (error) {
      this.crashed(error);
    }
  }

  /** Says what went wrong outside the tests, and counts it. */
  crashed(error) {
    this.failed += 1;
    if (error instanceof StepFailure) console.error(`\n${error.tail}\n\n${error.message}`);
    else console.error(error);
  }

  /** Tests, with counts of their own. */
  async tests(name, work) {
    const counts = await this.#timed(name, work);
    this.passed += counts.passed;
    this.failed += counts.failed;
    this.skipped += counts.skipped;
    this.#ran += counts.passed + counts.failed + counts.skipped;
  }

  /** The time table, and on the last line the sum. A run without any test is no success. */
  print({ filtered }) {
    if (this.failed === 0 && this.#ran === 0) {
      console.error(filtered ? 'No test file matches this filter.' : 'There was no test to run.');
      this.failed += 1;
    }
    console.log('\nTime');
    for (const { name, ms } of this.#phases) console.log(`  ${name.padEnd(10)} ${seconds(ms).padStart(8)}`);
    console.log(`  ${'all'.padEnd(10)} ${seconds(this.#phases.reduce((sum, phase) => sum + phase.ms, 0)).padStart(8)}\n`);
    console.log(`${this.passed} passed, ${this.failed} failed${this.skipped > 0 ? `, ${this.skipped} skipped` : ''}`);
  }

  async #timed(name, work) {
    const began = Date.now();
    try {
      return await work();
    } finally {
      this.#phases.push({ name, ms: Date.now() - began });
    }
  }
}
