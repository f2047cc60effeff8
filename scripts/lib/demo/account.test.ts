import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { newAccount, openState, readAccount, writeAccount } from "./account.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "apex-account-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

it("an account is kept for the next run, for its owner's eyes only", () => {
  const file = path.join(scratch, "state", "account.json");
  expect(readAccount(file)).toBeNull();
  const account = newAccount();
  writeAccount(file, account);
  expect(readAccount(file)).toEqual(account);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it("a file that holds no account is as good as none", () => {
  const file = path.join(scratch, "broken.json");
  for (const text of ["", "{", "{}", '{"email":1}']) {
    writeFileSync(file, text);
    expect(readAccount(file)).toBeNull();
  }
});

it("no two accounts are alike, and each can sign up", () => {
  const [first, second] = [newAccount(), newAccount()];
  for (const field of ["email", "password", "project_id", "jwt_secret", "kms_key"] as const) expect(first[field]).not.toBe(second[field]);
  expect(first.project_id).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
  expect(first.password.length).toBeGreaterThanOrEqual(12);
});

it("a state is opened as it was left, or anew", () => {
  const stateDir = path.join(scratch, "demo");
  const { account, accountFile } = openState(stateDir, { fresh: false });
  expect(readAccount(accountFile)).toEqual(account);
  writeFileSync(path.join(stateDir, "rest"), "");
  expect(openState(stateDir, { fresh: false }).account).toEqual(account);
  expect(existsSync(path.join(stateDir, "rest"))).toBe(true);
  expect(openState(stateDir, { fresh: true }).account).not.toEqual(account);
  expect(existsSync(path.join(stateDir, "rest"))).toBe(false);
});
