import { vi } from "vitest";
import { z } from "zod";

const mailSchema = z.object({ from: z.string(), to: z.array(z.string()), subject: z.string(), text: z.string() });
export type WireMail = z.infer<typeof mailSchema> & { idempotency_key: string | null };

/**
 * Stands in for the mail service on the wire: every request to https://mail.test/emails is recorded and answered. By default a
 * mail is taken; `answerWith` may refuse the next ones. Anything to another host fails.
 */
export const standInForMail = () => {
  const mails: WireMail[] = [];
  let attempts = 0;
  let status = 200;
  const spy = vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const wire = new Request(input, init);
    if (wire.url !== "https://mail.test/emails") throw new Error(`the network is closed: ${wire.method} ${wire.url}`);
    attempts += 1;
    if (status !== 200) return Response.json({ statusCode: status, name: "application_error", message: "no" }, { status });
    mails.push({ ...mailSchema.parse(await wire.json()), idempotency_key: wire.headers.get("Idempotency-Key") });
    return Response.json({ id: crypto.randomUUID() });
  });
  const to = (address: string): WireMail[] => mails.filter((mail) => mail.to.includes(address));
  /** Mails are sent behind the answer, in another I/O context, whose promise a test cannot await. */
  const until = async <T>(found: () => T | undefined): Promise<T> => vi.waitUntil(() => found(), { timeout: 20_000, interval: 5 });
  return {
    to,
    attempts: (): number => attempts,
    answerWith: (next: number): void => void (status = next),
    until,
    /** The token in the newest mail to an address, once there are `count` of them with this subject. */
    tokenTo: async (address: string, subject: string, count = 1): Promise<string> =>
      until(() => {
        const found = to(address).filter((mail) => mail.subject === subject);
        return found.length < count ? undefined : /#token=([\w-]+)/.exec(found.at(-1)?.text ?? "")?.[1];
      }),
    restore: (): void => spy.mockRestore(),
  };
};

export type MailWire = ReturnType<typeof standInForMail>;
