import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { ROOT } from "../../scripts/lib/wrangler.ts";
import { ranOn, ranOnSchema } from "./machine.ts";

export const DOCS_DIR = path.join(ROOT, "docs/performance");

const resultSchema = z.object({
  phase: z.string(),
  /** The short form of a phase: other sizes than the page speaks of. */
  quick: z.boolean(),
  measured_at: z.iso.datetime(),
  took_s: z.number(),
  /** Null outside of a checkout; with a `+` when files differ from it. */
  commit: z.string().nullable(),
  ...ranOnSchema.shape,
  figures: z.unknown(),
});
/** A phase's figures, with where and with what they were measured. */
export type Result = z.infer<typeof resultSchema>;

const git = (...args: string[]): string => execFileSync("git", args, { cwd: ROOT, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();

const commitNow = (): string | null => {
  try {
    // What the bench itself writes is no difference.
    const isChanged = git("status", "--porcelain", "--", ".", ":!docs/performance", ":!docs/performance.md") !== "";
    return `${git("rev-parse", "--short=10", "HEAD")}${isChanged ? "+" : ""}`;
  } catch {
    return null;
  }
};

/** @param figures whatever JSON keeps */
export const resultOf = (phase: string, { quick, figures, tookMs }: { quick: boolean; figures: unknown; tookMs: number }): Result =>
  resultSchema.parse(
    JSON.parse(
      JSON.stringify({
        phase,
        quick,
        measured_at: new Date().toISOString(),
        took_s: Math.round(tookMs / 1000),
        commit: commitNow(),
        ...ranOn(),
        figures,
      }),
    ),
  );

const fileOf = (phase: string): string => path.join(DOCS_DIR, `${phase}.json`);

export const keepResult = (result: Result): void => {
  mkdirSync(DOCS_DIR, { recursive: true });
  writeFileSync(fileOf(result.phase), `${JSON.stringify(result, null, 1)}\n`);
};

/** What was kept of a phase; undefined when nothing was. */
export const keptResult = (phase: string): Result | undefined => (existsSync(fileOf(phase)) ? resultSchema.parse(JSON.parse(readFileSync(fileOf(phase), "utf8"))) : undefined);
