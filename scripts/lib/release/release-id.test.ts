import { describe, expect, it } from "vitest";
import type { CommandResult } from "./command.ts";
import { releaseIdOf } from "./release-id.ts";
import { done } from "./release.testing.ts";

describe("a release's name", () => {
  const at = new Date("2026-11-26T13:45:00.123Z");
  const repository = (head: CommandResult, status: CommandResult) => async (command: string | undefined) => Promise.resolve(command === "status" ? status : head);
  const commit = { ...done, stdout: "3f2a1b9c0d12e4f5a6b7c8d9e0f1a2b3c4d5e6f7\n" };
  it.each([
    ["is the commit", commit, done, "3f2a1b9c0d12"],
    ["says that the files are not the commit's, and when", commit, { ...done, stdout: " M worker/env.ts\n" }, "3f2a1b9c0d12-dirty-20261126T134500Z"],
    ["is a moment where there is no repository", { code: 128, stdout: "", output: "not a git repository" }, done, "unversioned-20261126T134500Z"],
  ])("%s", async (_, head, status, expected) => {
    const name = await releaseIdOf(repository(head, status), at);
    expect(name).toBe(expected);
    // As worker/env.ts takes it.
    expect(name).toMatch(/^[0-9A-Za-z-]{1,64}$/);
  });
});
