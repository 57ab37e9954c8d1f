import { appendFileSync } from 'node:fs';

/** Adds this run's counts to the file named by `TEST_COUNTS`, from which `test/run.js` prints the closing line. */
export default class PlainSummaryReporter {
  onRunComplete(_contexts, results) {
    const file = process.env.TEST_COUNTS;
    if (!file) return;
    const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites } = results;
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    appendFileSync(file, `${numPassedTests} ${failed} ${numPendingTests}\n`);
  }
}
