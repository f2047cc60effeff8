import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { newForm } from "./business.ts";
import { anotherLead, renderHints } from "./hints.ts";
import { plain } from "./text.ts";

const wordpress = { url: "http://127.0.0.1:8787/api/webhooks/wordpress?project_id=demo-1", key: "whk_a'b" };
const facts = { url: "http://127.0.0.1:8787", sandboxUrl: "http://127.0.0.1:8790", wordpress, callId: "call_1", leadId: "ent_1", ownerPhone: "+64212229901", stateDir: ".wrangler/demo", sampleLink: "http://localhost:8788/sign-in?new=true", flags: "" };

/** The arguments that curl would get from a shell. */
const argumentsOf = (command: string): string[] => execFileSync("/bin/sh", ["-c", `curl() { printf '%s\\n' "$@"; }\n${command}`], { encoding: "utf8" }).trimEnd().split("\n");

describe("the command for another lead", () => {
  it("is one line that a shell takes as it is meant", () => {
    const command = anotherLead(wordpress);
    expect(command).not.toContain("\n");
    expect(argumentsOf(command)).toEqual(["-sS", wordpress.url, "-H", `X-Apex-Key: ${wordpress.key}`, "-d", "your-name=Mia Ngata", "-d", expect.stringMatching(/^your-phone=021\d{6}0$/), "-d", "your-message=The shower drips", "-w", "\\n"]);
  });
});

it("what to try names every address, and nothing that is not there", () => {
  const all = renderHints(facts, plain);
  for (const part of [facts.url, facts.sampleLink, facts.sandboxUrl, "/api/calls/call_1/recording", "/api/entities/ent_1", "/openapi.json", "no-answer", ".wrangler/demo/token", ".wrangler/demo/worker.log", "Ctrl-C"]) expect(all).toContain(part);
  const without = renderHints({ ...facts, callId: null, ownerPhone: null, sampleLink: null, flags: " -- --port 9000" }, plain);
  expect(without).not.toContain("/api/calls/");
  expect(without).not.toContain("/sign-in");
  expect(without).not.toContain("/_sandbox/twilio/numbers");
  expect(without).toContain("npm start -- --port 9000 goes on");
});

it("the demo's customers answer: no number of the sandbox's table is among theirs", () => {
  for (let count = 0; count < 200; count++) expect(newForm()["your-phone"]).toMatch(/^021 [2-8]\d\d 0\d{3}$/);
});
