/**
 * A vitest reporter that leaves the counts in the file named by THICKET_TEST_SUMMARY, for scripts/test.mjs to add up.
 * A file that could not be loaded and an error outside every test each count as one failure.
 */
import { writeFileSync } from 'node:fs';

export default class SummaryReporter {
  onTestRunEnd(testModules, unhandledErrors) {
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    for (const testModule of testModules) {
      const tests = [...testModule.children.allTests()];
      for (const test of tests) {
        const { state } = test.result();
        if (state === 'passed') counts.passed += 1;
        else if (state === 'skipped') counts.skipped += 1;
        else counts.failed += 1;
      }
      // A module, or a suite in it, that failed in a hook has errors of its own.
      counts.failed += testModule.errors().length;
      for (const suite of testModule.children.allSuites()) counts.failed += suite.errors().length;
    }
    const file = process.env.THICKET_TEST_SUMMARY;
    if (file) writeFileSync(file, JSON.stringify(counts));
  }
}
