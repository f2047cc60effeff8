/**
 * What the person at a leg is told to do from outside, one thing after another: the keys to press, or (to somebody whose phone
 * rings) to pick up. What is told early is done when its time comes.
 */
export class Handset {
  readonly #told: string[] = [];
  #listener: ((word: string) => void) | undefined;

  tell(word: string): void {
    if (this.#listener === undefined) this.#told.push(word);
    else this.#listener(word);
  }

  /** The next thing that was or will be told. Rejects with the signal's reason when it is aborted first. */
  next(signal: AbortSignal): Promise<string> {
    const known = this.#told.shift();
    if (known !== undefined) return Promise.resolve(known);
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        this.#listener = undefined;
        signal.removeEventListener("abort", giveUp);
      };
      const giveUp = (): void => {
        stop();
        reject(signal.reason as Error);
      };
      this.#listener = (word) => {
        stop();
        resolve(word);
      };
      if (signal.aborted) giveUp();
      else signal.addEventListener("abort", giveUp, { once: true });
    });
  }
}
