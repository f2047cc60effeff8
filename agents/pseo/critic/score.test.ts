import { describe, expect, it } from "vitest";
import type { Finding } from "../page.schemas.ts";
import { verdictOf } from "./score.ts";

const finding = (severity: Finding["severity"], message = "x", rule = "facts"): Finding => ({ rule, severity, line: null, message, suggestion: null });

describe("a verdict", () => {
  it.each<[what: string, findings: Finding[], model: number | null, expected: { score: number; passed: boolean }]>([
    ["passes what nothing is said against", [], null, { score: 100, passed: true }],
    ["passes with a warning", [finding("warning")], 90, { score: 90, passed: true }],
    ["refuses an error, whatever the model thinks of it", [finding("error")], 100, { score: 75, passed: false }],
    ["refuses what the model gives less than the DNA asks for", [], 60, { score: 60, passed: false }],
    ["refuses many small things", Array.from({ length: 30 }, (_, n) => finding("warning", String(n))), 100, { score: 66, passed: false }],
    ["never goes below nothing", Array.from({ length: 60 }, (_, n) => finding("error", String(n))), null, { score: 0, passed: false }],
  ])("%s", (_, findings, model, expected) => {
    expect(verdictOf(findings, model, 75)).toMatchObject(expected);
  });

  it("holds errors first, each once, and no more than metadata does", () => {
    const many = [finding("warning"), ...Array.from({ length: 150 }, (_, n) => finding("error", String(n % 120)))];
    const { findings } = verdictOf(many, null, 75);
    expect(findings).toHaveLength(100);
    expect(findings.every(({ severity }) => severity === "error")).toBe(true);
  });
});
