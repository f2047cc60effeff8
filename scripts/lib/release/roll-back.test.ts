import { describe, expect, it } from "vitest";
import type { CommandResult } from "./command.ts";
import { rollBack } from "./roll-back.ts";
import { done, health, region, stage } from "./release.testing.ts";

describe("going back by hand", () => {
  const deployed = (at: string, version_id: string, percentage = 100) => ({ created_on: `2026-11-${at}T00:00:00Z`, versions: [{ version_id, percentage }] });
  const history = (...deployments: object[]) => (command: string): CommandResult | undefined => {
    if (command.startsWith("deployments list")) return { ...done, stdout: JSON.stringify(deployments) };
    if (command.startsWith("versions view unknown")) return { code: 1, stdout: "", output: "Could not find that version" };
    return command.startsWith("versions view") ? { ...done, stdout: JSON.stringify({ resources: { bindings: [{ name: "DB", type: "d1" }, { name: "APEX_RELEASE", type: "plain_text", text: `of-${command.split(" ")[2] ?? ""}` }] } }) } : undefined;
  };
  const serves = (release: string) => (url: string) => (url.endsWith("/health") ? health(`0.1.0+${release}`) : undefined);

  it("puts the version before back, waits until it serves and tests it", async () => {
    let looks = 0;
    const { tools, changes, said } = stage({ wrangler: history(deployed("03", "three"), deployed("01", "one"), deployed("02", "two")), site: (url) => (url.endsWith("/health") ? health(`0.1.0+of-${(looks += 1) < 3 ? "three" : "two"}`) : undefined) });
    await rollBack(region, null, { dryRun: false }, tools);
    expect(changes()).toEqual(["rollback two --message by hand --yes"]);
    expect(looks).toBe(4);
    expect(said).toContain("rolled back to two (release of-two)");
  });

  it.each([
    ["what a failed release has left", [deployed("01", "one"), deployed("02", "two"), deployed("03", "broken"), deployed("04", "two")], "one"],
    ["what served a part of the requests only", [deployed("01", "one"), deployed("02", "trial", 10), deployed("03", "three")], "one"],
    ["further than what served all requests before they were shared out", [deployed("01", "one"), deployed("02", "two"), deployed("03", "trial", 10)], "two"],
  ])("does not go back to %s", async (_, deployments, expected) => {
    const { tools, changes, said } = stage({ wrangler: history(...deployments) });
    await rollBack(region, null, { dryRun: true }, tools);
    expect(said).toEqual([`apex-oc would go back to ${expected} (release of-${expected})`]);
    expect(changes()).toEqual([]);
  });

  it("takes the version that it is told, and one that names no release", async () => {
    const { tools, changes } = stage({ wrangler: (command) => (command.startsWith("versions view") ? { ...done, stdout: JSON.stringify({ resources: { bindings: [] } }) } : undefined), site: serves("whatever") });
    await rollBack(region, "five", { dryRun: false }, tools);
    expect(changes()).toEqual(["rollback five --message by hand --yes"]);
  });

  it("changes nothing where there is nothing to go back to, or no such version", async () => {
    const { tools, changes } = stage({ wrangler: history(deployed("01", "one")) });
    await expect(rollBack(region, null, { dryRun: false }, tools)).rejects.toThrow("Cloudflare remembers no version");
    await expect(rollBack(region, "unknown", { dryRun: false }, tools)).rejects.toThrow("Could not find that version");
    expect(changes()).toEqual([]);
  });

  it("fails aloud when what serves again does not answer as it should", async () => {
    const { tools } = stage({ wrangler: history(deployed("01", "one"), deployed("02", "two")), site: (url) => (url.endsWith("/openapi.json") ? new Response("", { status: 500 }) : serves("of-one")(url)) });
    await expect(rollBack(region, null, { dryRun: false }, tools)).rejects.toThrow(/Version one of oc serves[^]*GET \/openapi.json/);
  });
});
