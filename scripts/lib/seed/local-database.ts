import { readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { StartError } from "../worker-process.ts";
import { startWrangler } from "../wrangler.ts";

const answerSchema = z.array(z.object({ results: z.array(z.record(z.string(), z.unknown())) })).min(1);

/** The file in which workerd keeps the D1 of the Worker whose state lies in a directory. @throws StartError when there is none */
export const databaseFile = (stateDir: string): string => {
  const folder = path.join(stateDir, "v3/d1/miniflare-D1DatabaseObject");
  const [file] = readdirSync(folder).filter((name) => name.endsWith(".sqlite") && name !== "metadata.sqlite");
  if (file === undefined) throw new StartError(`There is no database in ${folder}.`);
  return path.join(folder, file);
};

/** The D1 database of the Worker whose state lies in a directory. `query` and `run` are for while it does not run. */
export const localDatabase = (stateDir: string) => {
  const execute = async (...args: string[]): Promise<string> => {
    const lines: string[] = [];
    const { code } = await startWrangler({ args: ["d1", "execute", "DB", "--local", "--config", "wrangler.local.toml", "--persist-to", stateDir, "--yes", ...args], stateDir, onLine: (line) => lines.push(line) }).exited;
    if (code !== 0) throw new StartError(`The database did not take it:\n${lines.join("\n").slice(-3000)}`);
    return lines.join("\n");
  };
  return {
    /** Rows of one question. */
    async query(sql: string): Promise<Record<string, unknown>[]> {
      const text = await execute("--json", "--command", sql);
      return answerSchema.parse(JSON.parse(text.slice(text.indexOf("["))))[0]?.results ?? [];
    },

    /**
     * How many hours that are over wait to be rolled up. Read beside a Worker that runs, in whose way Wrangler would be: it writes
     * when it opens a database.
     */
    hoursToRollUp(now: number): number {
      const database = new DatabaseSync(databaseFile(stateDir), { readOnly: true, timeout: 5000 });
      try {
        return Number(database.prepare("SELECT count(*) AS marked FROM figure_marks WHERE hour < ?").get(Math.floor(now / 3_600_000))?.["marked"]);
      } finally {
        database.close();
      }
    },

    /** All of the statements, or none. */
    async run(statements: readonly string[]): Promise<void> {
      const file = path.join(stateDir, "seed.sql");
      writeFileSync(file, statements.join("\n"), { mode: 0o600 });
      await execute("--file", file);
    },
  };
};
