/** A source of a promised length, and what takes its bytes. */
export interface ExactLength<T> {
  source: ReadableStream<Uint8Array>;
  /** Bytes that the source is to give. */
  length: number;
  /** The failure to report when the source breaks. */
  onBroken: (error: unknown) => Error;
  /** The failure to report when the source gives another number of bytes; it is not read on to count how many more. */
  onMismatch: (arrived: number) => Error;
  /** Takes the bytes, as a stream of known length: R2 and `fetch` need one to work without holding it whole. */
  send: (body: ReadableStream<Uint8Array>) => Promise<T>;
}

/**
 * Sends exactly `length` bytes of a source. The last of them are only passed on when the source has ended, so that a
 * receiver never holds a whole body that is not the promised one, and there is nothing to take back.
 * @throws what `onBroken` or `onMismatch` made, where the source failed; else what `send` threw
 */
export const sendExactly = async <T>({ source, length, onBroken, onMismatch, send }: ExactLength<T>): Promise<T> => {
  const { readable, writable } = new FixedLengthStream(length);
  const reader = source.getReader();
  const writer = writable.getWriter();
  let answered = false;
  // In an object, since what a callback assigns to a variable the type checker does not see.
  const failed: { error?: Error } = {};

  /** A failure that comes after the receiver has settled is one of our own making. */
  const fail = (error: Error): Error => {
    if (!answered) failed.error = error;
    return error;
  };
  const next = async (): Promise<Uint8Array | null> => {
    const { done, value } = await reader.read().catch((error: unknown) => {
      throw fail(onBroken(error));
    });
    return done ? null : value;
  };
  const pass = async (): Promise<void> => {
    let arrived = 0;
    let held: Uint8Array | null = null;
    for (let chunk = await next(); chunk !== null; chunk = await next()) {
      if (chunk.byteLength === 0) continue;
      arrived += chunk.byteLength;
      if (arrived > length) throw fail(onMismatch(arrived));
      if (held !== null) await writer.write(held);
      held = chunk;
    }
    if (arrived !== length) throw fail(onMismatch(arrived));
    if (held !== null) await writer.write(held);
    await writer.close();
  };
  const stop = async (reason: unknown): Promise<void> => {
    await Promise.allSettled([writer.abort(reason), reader.cancel(reason)]);
  };

  const deliver = async () => {
    try {
      return await send(readable);
    } finally {
      // A receiver may answer without having read everything; nobody waits for the rest then.
      answered = true;
      await stop(new Error("The receiver has answered."));
    }
  };

  const [sent] = await Promise.allSettled([deliver(), pass().catch(stop)]);
  if (failed.error !== undefined) throw failed.error;
  if (sent.status === "rejected") throw sent.reason;
  return sent.value;
};
