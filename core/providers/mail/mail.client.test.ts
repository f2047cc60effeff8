import { describe, expect, it } from "vitest";
import { vendorBusy } from "../pace.ts";
import { createMailer, type Mail, type MailerOptions } from "./mail.client.ts";

const MAIL: Mail = { to: "ann@example.nz", subject: "Hello", text: "One line.", idempotency_key: "mlt_1" };

const atOnce: MailerOptions["admit"] = async (send) => send();

const mailerThatGets = (answer: () => Response, admit = atOnce) => {
  const sent: { url: string; init: RequestInit }[] = [];
  const mailer = createMailer({ apiKey: "re_key", baseUrl: "https://mail.test", from: "Apex <no-reply@apex.test>", admit, fetch: async (url, init) => {
    sent.push({ url, init });
    return Promise.resolve(answer());
  } });
  return { mailer, sent };
};

describe("the mailer", () => {
  it("sends as Resend wants it, with the key that keeps a mail from being sent twice", async () => {
    const { mailer, sent } = mailerThatGets(() => Response.json({ id: "49a3999c" }));
    await mailer.send(MAIL);
    expect(sent).toHaveLength(1);
    const headers = new Headers(sent[0]?.init.headers);
    expect([sent[0]?.url, sent[0]?.init.method, headers.get("Authorization"), headers.get("Idempotency-Key"), headers.get("Content-Type")]).toEqual(["https://mail.test/emails", "POST", "Bearer re_key", "mlt_1", "application/json"]);
    expect(headers.get("User-Agent")).not.toBeNull();
    expect(await new Response(sent[0]?.init.body).json()).toEqual({ from: "Apex <no-reply@apex.test>", to: ["ann@example.nz"], subject: "Hello", text: "One line." });
  });

  it.each([
    [422, "mail_rejected", false], [400, "mail_rejected", false],
    [401, "mail_failed", true], [403, "mail_failed", true], [409, "mail_failed", true], [429, "mail_failed", true], [500, "mail_failed", true],
  ])("takes %d for %s (retryable: %s), and does not repeat what the vendor says of the address", async (status, code, retryable) => {
    const { mailer } = mailerThatGets(() => Response.json({ statusCode: status, name: "some_error", message: "ann@example.nz is bad" }, { status }));
    const refusal = mailer.send(MAIL);
    await expect(refusal).rejects.toMatchObject({ code, retryable });
    await expect(refusal).rejects.not.toThrow("ann@example.nz");
  });

  it("sends nothing while it is not our turn, and says that it may be later", async () => {
    const { mailer, sent } = mailerThatGets(() => Response.json({}), async () => Promise.reject(vendorBusy("resend", 30_000)));
    await expect(mailer.send(MAIL)).rejects.toMatchObject({ code: "vendor_busy", retryable: true, retryAfterMs: 30_000 });
    expect(sent).toEqual([]);
  });

  it("takes a lost connection and a page of HTML for an outage", async () => {
    const { mailer: lost } = mailerThatGets(() => {
      throw new TypeError("connection lost");
    });
    await expect(lost.send(MAIL)).rejects.toMatchObject({ code: "mail_failed", retryable: true });
    const { mailer: odd } = mailerThatGets(() => new Response("<html>", { status: 502 }));
    await expect(odd.send(MAIL)).rejects.toMatchObject({ code: "mail_failed", retryable: true });
  });

  it.each([["", "a@b.nz"], ["re_key", ""]])("is not configured with key %j and sender %j", (apiKey, from) => {
    expect(createMailer({ apiKey, from, baseUrl: "https://mail.test", admit: atOnce, fetch: async () => Promise.resolve(new Response()) }).configured).toBe(false);
  });
});
