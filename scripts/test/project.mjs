/** Runs the tests of one vitest project and reads what came of them. */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { CACHE, MODULES, inRoot } from '../steps/paths.mjs';

/**
 * @returns {Promise<{ passed: number, failed: number, skipped: number }>}
 */
export async function runProject(project, { node, env, filters, inFront }) {
  const summary = path.join(CACHE, `tests-${project}.json`);
  mkdirSync(CACHE, { recursive: true });
  rmSync(summary, { force: true });
  console.log(`\n— ${project} —`);
  const code = await inFront(node, [
    path.join(MODULES, 'vitest/vitest.mjs'), 'run', '--project', project, '--passWithNoTests',
    '--reporter=default', `--reporter=${inRoot('scripts/test/summary-reporter.mjs')}`, ...filters,
  ], { env: { ...env, THICKET_TEST_SUMMARY: summary } });
  const counts = existsSync(summary) ? JSON.parse(readFileSync(summary, 'utf8')) : { passed: 0, failed: 0, skipped: 0 };
  // A vitest that crashed, or failed for a reason it did not count, is a failure too.
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  return counts;
}
