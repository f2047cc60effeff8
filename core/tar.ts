/*
 * A tar archive as a stream (POSIX ustar). Unlike zip without its 64-bit extension it has no limit on size or number of files,
 * keeps nothing in memory until the end, and every system opens it.
 */

const BLOCK = 512;
const encoder = new TextEncoder();

export interface TarEntry {
  /** At most 100 ASCII characters, folders with `/`. */
  name: string;
  /** Bytes; at most 8 GiB. */
  size: number;
  /** ms since the epoch. */
  modified_at: number;
  content: Uint8Array | ReadableStream<Uint8Array>;
}

const octal = (value: number, width: number): string => `${Math.floor(value).toString(8).padStart(width - 1, "0")}\0`;

const header = ({ name, size, modified_at }: TarEntry): Uint8Array => {
  if (!/^[\x21-\x7E]{1,100}$/.test(name)) throw new Error("a tar entry's name has up to 100 ASCII characters");
  if (size >= 8 ** 11) throw new Error("a tar entry has less than 8 GiB");
  const block = new Uint8Array(BLOCK);
  const put = (at: number, text: string): void => block.set(encoder.encode(text), at);
  put(0, name);
  put(100, octal(0o600, 8));
  put(108, octal(0, 8));
  put(116, octal(0, 8));
  put(124, octal(size, 12));
  put(136, octal(modified_at / 1000, 12));
  // The checksum is counted as if its own field held spaces.
  put(148, " ".repeat(8));
  put(156, "0");
  put(257, "ustar\x0000");
  put(148, `${block.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, "0")}\0 `);
  return block;
};

const chunksOf = async function* (content: TarEntry["content"]): AsyncGenerator<Uint8Array> {
  if (content instanceof Uint8Array) {
    yield content;
    return;
  }
  const reader = content.getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  } finally {
    // Nothing to cancel once it was read to its end; whoever stops in the middle lets go of the source.
    await reader.cancel();
  }
};

async function* blocks(entries: AsyncIterable<TarEntry>): AsyncGenerator<Uint8Array> {
  for await (const entry of entries) {
    yield header(entry);
    let written = 0;
    for await (const chunk of chunksOf(entry.content)) {
      written += chunk.byteLength;
      yield chunk;
    }
    // A header that lies would shift everything after it.
    if (written !== entry.size) throw new Error(`${entry.name} was announced with ${entry.size} bytes and had ${written}`);
    yield new Uint8Array((BLOCK - (written % BLOCK)) % BLOCK);
  }
  yield new Uint8Array(2 * BLOCK);
}

/** @throws (as the stream's failure) when an entry's size or name is not as it must be */
export const tarStream = (entries: AsyncIterable<TarEntry>): ReadableStream<Uint8Array> => {
  const source = blocks(entries);
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await source.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
    async cancel() {
      await source.return(undefined);
    },
  });
};
