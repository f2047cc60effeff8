/** Counts what is still going on, so that a test can wait for the end of it instead of sleeping. */
export class Activity {
  #running = 0;
  #waiting: (() => void)[] = [];

  /** The promise's failure is its owner's business; here it only counts as over. */
  track(work: Promise<unknown>): void {
    this.#running += 1;
    const over = (): void => {
      this.#running -= 1;
      if (this.#running > 0) return;
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const resolve of waiting) resolve();
    };
    work.then(over, over);
  }

  get running(): number {
    return this.#running;
  }

  idle(): Promise<void> {
    return this.#running === 0 ? Promise.resolve() : new Promise((resolve) => this.#waiting.push(resolve));
  }
}
