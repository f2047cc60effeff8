import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { POLICIES } from "../../worker/policy.ts";

const ROOT = path.join(import.meta.dirname, "../..");
const read = (file: string): string => readFileSync(path.join(ROOT, file), "utf8");
const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(read("package.json")));
const ROOMS = ["worker", "agents", "durable", "core", "migrations", "profiles", "dashboard", "sandbox", "local", "scripts", "test", "bench", "docs", "patches"];
const DOCUMENTS = globSync(["*.md", `{${ROOMS.join(",")}}/**/*.md`], { cwd: ROOT, exclude: (name) => name === "node_modules" || name.startsWith(".") });

const OPERATIONS = Object.keys(POLICIES).map((operation) => new RegExp(`^${operation.replaceAll(/\{[^}]+\}/g, "[^/]+")}$`));

const prose = (text: string): string => text.replaceAll(/^```[\s\S]*?^```/gm, "");

/** Names of a document's headings as GitHub links to them. */
const anchorsOf = (text: string): Set<string> =>
  new Set(Array.from(prose(text).matchAll(/^#{1,6} (.*)$/gm), ([, heading = ""]) => heading.toLowerCase().replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").replaceAll(/[^\p{L}\p{N} _-]/gu, "").trim().replaceAll(" ", "-")));

const isDead = (from: string, link: string): boolean => {
  const [target = "", anchor] = link.split("#");
  const file = target === "" ? from : path.join(path.dirname(from), target);
  if (!existsSync(path.join(ROOT, file))) return true;
  return anchor !== undefined && file.endsWith(".md") && !anchorsOf(read(file)).has(anchor);
};

describe.each(DOCUMENTS)("%s", (file) => {
  const text = read(file);

  it("links to nothing of the house that is not there", () => {
    const links = Array.from(prose(text).matchAll(/\]\(([^)\s]+)\)/g), ([, link = ""]) => link).filter((link) => !/^[a-z]+:/.test(link));
    expect(links.filter((link) => isDead(file, link))).toEqual([]);
  });

  it("names files and folders that are there", () => {
    const named = Array.from(prose(text).matchAll(/`([\w-]+\/[^`\s]*)`/g), ([, name = ""]) => name.replace(/[:#].*$/, ""));
    const ours = named.filter((name) => ROOMS.includes(name.split("/")[0] ?? "") && !/[*{}…<>]/.test(name));
    expect(ours.filter((name) => !existsSync(path.join(ROOT, name)))).toEqual([]);
  });

  it("names operations of the API that there are", () => {
    const named = Array.from(text.matchAll(/\b((?:GET|POST|PUT|PATCH|DELETE) \/api\/[^\s`"'),;?]+)/g), ([, name = ""]) => name.replace(/[.:]$/, ""));
    expect(named.filter((name) => !name.includes("…") && !OPERATIONS.some((operation) => operation.test(name)))).toEqual([]);
  });

  it("names npm scripts that there are", () => {
    const named = Array.from(text.matchAll(/\bnpm run ([a-z][\w:-]*)/g), ([, name = ""]) => name);
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });
});

describe("README.md", () => {
  const [, table = ""] = /^## Scripts\n([\s\S]*?)^## /m.exec(read("README.md")) ?? [];

  it("has a line for each npm script", () => {
    const named = new Set(Array.from(table.matchAll(/`(?:npm )?(?:run )?([a-z][\w:-]*)[^`]*`/g), ([, name = ""]) => name));
    expect(Object.keys(scripts).filter((name) => name !== "postinstall" && !named.has(name))).toEqual([]);
  });

  it("has none for what is no npm script", () => {
    const named = Array.from(table.matchAll(/`run ([a-z][\w:-]*)/g), ([, name = ""]) => name);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });
});
