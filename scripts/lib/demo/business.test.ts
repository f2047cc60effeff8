import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { openState, readAccount } from "./account.ts";
import { type Api, ApiError } from "./api.ts";
import { openBusiness } from "./business.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "apex-business-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** A service with an empty database. */
const newService = () => {
  const people = new Map<string, string>();
  const refuse = (status: number): never => {
    throw new ApiError(status, "refused");
  };
  const door = { url: "http://apex.test/", key: "k" };
  const api = {
    logIn: async ({ email, password }: { email: string; password: string }) => Promise.resolve(people.get(email) === password ? undefined : refuse(401)),
    signUp: async ({ email, password }: { email: string; password: string }) => Promise.resolve(void people.set(email, password)),
    project: async () => Promise.reject(new ApiError(404, "none")),
    createProject: async ({ project_id, name }: { project_id: string; name: string }) => Promise.resolve({ project_id, name }),
    customDna: async () => Promise.resolve(null),
    putCustomDna: async () => Promise.resolve(),
    webhooks: async () => Promise.resolve({ google_ads: door, wordpress: door }),
  };
  return { api: api as unknown as Api, people };
};

it("whom the demo says to sign in as is let in, the first time too, when nobody is known yet", async () => {
  const { api, people } = newService();
  const { account, accountFile } = openState(path.join(scratch, "demo"), { fresh: true });
  const first = await openBusiness({ api, account, accountFile, dna: "a: 1" });
  expect(people.get(first.account.email)).toBe(first.account.password);
  expect(readAccount(accountFile)).toEqual(first.account);
  const second = await openBusiness({ api, account: first.account, accountFile, dna: "a: 1" });
  expect([second.account, people.size]).toEqual([first.account, 1]);
});
