import { runInDurableObject } from "cloudflare:test";

/**
 * Kills an object as a crash of its machine would: what it was at is broken off, its memory is gone, what it has stored stays. The pool's
 * `evictDurableObject` is the gentle way: it lets the object end what it is at, and waits ten seconds for what does not end.
 */
export const killObject = async (stub: DurableObjectStub): Promise<void> => {
  const killed = new Error("killed by a test");
  const why = await runInDurableObject(stub, async (_, ctx) => {
    await ctx.storage.sync();
    ctx.abort(killed.message);
  }).then(
    () => null,
    (error: unknown) => error,
  );
  if (!(why instanceof Error) || !why.message.includes(killed.message)) throw new Error("The object was not killed.", { cause: why });
};
