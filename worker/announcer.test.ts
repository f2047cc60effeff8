import { describe, expect, it } from "vitest";
import { createAnnouncer } from "./announcer.ts";

const announcer = (poke: () => Promise<void> = () => Promise.resolve()) => {
  const told: string[] = [];
  const changed = createAnnouncer({
    liveFeed: { connect: () => Promise.reject(new Error("nobody connects")), poke: async ({ project_id }) => (told.push(project_id), poke()) },
    couriers: { open: () => Promise.resolve(), openAll: () => Promise.resolve(), soon: async (tenantId) => Promise.resolve(void told.push(`couriers of ${tenantId}`)) },
  });
  return { told, changed };
};

describe("a change", () => {
  it.each([
    ["of a project that somebody may watch", { tenant_id: "ten", project_id: "pipes" }, ["couriers of ten", "pipes"]],
    ["of one that somebody watches", { tenant_id: "ten", project_id: "pipes", watched: true }, ["couriers of ten", "pipes"]],
    ["of one that nobody watches, whose feed stays asleep", { tenant_id: "ten", project_id: "pipes", watched: false }, ["couriers of ten"]],
    ["of no project", { tenant_id: "ten", project_id: null }, ["couriers of ten"]],
  ])("%s is told", async (_, place, expected) => {
    const { told, changed } = announcer();
    await changed(place);
    expect(told.toSorted()).toEqual(expected);
  });

  it("fails nobody where the feed cannot be reached", async () => {
    const { changed } = announcer(() => Promise.reject(new Error("away")));
    await expect(changed({ tenant_id: "ten", project_id: "pipes" })).resolves.toBeUndefined();
  });
});
