const NOTHING = new Uint8Array(0);

/**
 * Reads a stream by byte counts, wherever the stream's own chunks happen to end. It holds one chunk of the source
 * and nothing more.
 */
export class ByteReader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #chunk: Uint8Array = NOTHING;
  #at = 0;
  #position = 0;

  constructor(stream: ReadableStream<Uint8Array>) {
    this.#reader = stream.getReader();
  }

  /** Bytes taken from the stream so far. */
  get position(): number {
    return this.#position;
  }

  /** The bytes at hand, at least one and at most `max`, as a view that is good until the next call; null at the end. */
  async take(max: number): Promise<Uint8Array | null> {
    while (this.#at >= this.#chunk.byteLength) {
      const { done, value } = await this.#reader.read();
      if (done) return null;
      this.#chunk = value;
      this.#at = 0;
    }
    const taken = this.#chunk.subarray(this.#at, this.#at + max);
    this.#at += taken.byteLength;
    this.#position += taken.byteLength;
    return taken;
  }

  /** Exactly `count` bytes as a copy, or null when the stream ends before. Meant for headers: `count` is held in memory. */
  async read(count: number): Promise<Uint8Array | null> {
    const bytes = new Uint8Array(count);
    let filled = 0;
    while (filled < count) {
      const part = await this.take(count - filled);
      if (part === null) return null;
      bytes.set(part, filled);
      filled += part.byteLength;
    }
    return bytes;
  }

  /** Passes over `count` bytes without holding them; false when the stream ends before. */
  async skip(count: number): Promise<boolean> {
    let left = count;
    while (left > 0) {
      const part = await this.take(left);
      if (part === null) return false;
      left -= part.byteLength;
    }
    return true;
  }

  /** Gives the source up, so that whoever feeds it can stop. */
  async cancel(reason?: unknown): Promise<void> {
    await this.#reader.cancel(reason);
  }
}
