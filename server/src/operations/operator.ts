/**
 * The only voice of the relay: plain sentences for the operator. No sentence carries an address, a path of a request,
 * an id or a body, so there is nothing to seize in a log.
 */
export interface Operator {
  /** One sentence about what the relay is doing. */
  say(sentence: string): void;
  /** Something the operator should look at. */
  warn(sentence: string): void;
}

export const OPERATOR = Symbol('Operator');

/** Sentences to standard output, warnings to standard error. */
export const consoleOperator: Operator = {
  say: (sentence) => process.stdout.write(`${sentence}\n`),
  warn: (sentence) => process.stderr.write(`${sentence}\n`),
};
