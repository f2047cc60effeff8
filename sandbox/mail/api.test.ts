import { describe, expect, it } from "vitest";
import { startSandbox } from "../index.ts";

const MAIL = { from: "Apex <no-reply@apex.test>", to: ["Ann <Ann@example.nz>"], subject: "Hello", text: "One line." };

const withSandbox = async (work: (ask: { send: (body: unknown, headers?: Record<string, string>) => Promise<Response>; inbox: (to: string) => Promise<{ subject: string }[]> }) => Promise<void>): Promise<void> => {
  const sandbox = await startSandbox();
  try {
    await work({
      send: async (body, headers = {}) => fetch(`${sandbox.url}/emails`, { method: "POST", headers: { Authorization: "Bearer re_any", "Content-Type": "application/json", ...headers }, body: JSON.stringify(body) }),
      inbox: async (to) => ((await (await fetch(`${sandbox.url}/_sandbox/mail/inbox?to=${encodeURIComponent(to)}`)).json()) as { mails: { subject: string }[] }).mails,
    });
  } finally {
    await sandbox.close();
  }
};

describe("the mail stand-in", () => {
  it("takes a mail and shows it to whoever it was for, however the address is spelt", () =>
    withSandbox(async ({ send, inbox }) => {
      const answer = await send(MAIL);
      expect([answer.status, await answer.json()]).toEqual([200, { id: expect.any(String) as string }]);
      expect(await inbox("ann@EXAMPLE.nz")).toMatchObject([{ subject: "Hello", to: ["ann@example.nz"], text: "One line." }]);
      expect(await inbox("bob@example.nz")).toEqual([]);
    }));

  it("sends once under one idempotency key, and refuses another mail under it", () =>
    withSandbox(async ({ send, inbox }) => {
      const key = { "Idempotency-Key": "mlt_1" };
      const first: unknown = await (await send(MAIL, key)).json();
      expect(await (await send(MAIL, key)).json()).toEqual(first);
      expect((await send({ ...MAIL, subject: "Other" }, key)).status).toBe(409);
      expect(await inbox("ann@example.nz")).toHaveLength(1);
    }));

  it.each([
    [{ ...MAIL, to: [] }, 422, "missing_required_field"],
    [{ ...MAIL, to: "nobody" }, 422, "validation_error"],
    [{ ...MAIL, from: "nobody" }, 422, "invalid_from_address"],
    [{ ...MAIL, subject: "" }, 422, "missing_required_field"],
    [{ ...MAIL, text: "" }, 422, "missing_required_field"],
  ])("refuses %j as Resend does", (body, status, name) =>
    withSandbox(async ({ send }) => {
      const answer = await send(body);
      expect([answer.status, await answer.json()]).toEqual([status, expect.objectContaining({ statusCode: status, name })]);
    }));

  it("wants a key", () =>
    withSandbox(async ({ send }) => {
      expect((await send(MAIL, { Authorization: "" })).status).toBe(401);
    }));
});
