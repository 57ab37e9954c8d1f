import { Counter, type CounterConfiguration } from 'prom-client';

/** One combination of labels; those of one more label are below it. */
class Cell {
  /** Not yet in the counter. */
  pending = 0;
  readonly below = new Map<string, Cell>();
}

/**
 * A counter for what happens with every request: adds up in memory, and hands it to the registry's counter when that is read. The counter itself
 * sorts, checks and joins the labels each time, which costs a small Store more than reading its headers does.
 */
export class Tally {
  readonly #root = new Cell();

  /** @param configuration - of the counter; `collect` is this class's own. */
  constructor(configuration: Omit<CounterConfiguration<string>, 'collect'>) {
    const names = configuration.labelNames ?? [];
    const root = this.#root;
    new Counter({
      ...configuration,
      collect() {
        const flush = (cell: Cell, values: readonly string[]): void => {
          if (values.length === names.length) {
            this.inc(
              Object.fromEntries(values.map((value, at) => [names[at], value])),
              cell.pending
            );
            cell.pending = 0;
          }
          for (const [value, next] of cell.below) flush(next, [...values, value]);
        };
        flush(root, []);
      },
    });
  }

  /**
   * @param count - 0 or more; 0 makes the combination known all the same.
   * @param values - of the labels, in the order of `labelNames`.
   */
  add(count: number, ...values: readonly string[]): void {
    let cell = this.#root;
    for (const value of values) {
      let next = cell.below.get(value);
      if (!next) {
        next = new Cell();
        cell.below.set(value, next);
      }
      cell = next;
    }
    cell.pending += count;
  }
}
