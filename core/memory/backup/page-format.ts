import { z } from "zod";

/** Rows of one table as SQLite has them, each with its rowid under `_rowid`. */
export type Row = Record<string, string | number | null>;

const rowSchema = z.record(z.string(), z.union([z.string(), z.number(), z.null()]));

/** A line a row, compressed. A page is some hundred rows, so it is held in memory whole. */
export const packRows = async (rows: readonly unknown[]): Promise<ArrayBuffer> => {
  const text = rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  return new Response(new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer();
};

/** @throws when it is not a page of rows: nothing of it is to be used then */
export const unpackRows = async (page: ReadableStream): Promise<Row[]> => {
  const text = await new Response(page.pipeThrough(new DecompressionStream("gzip"))).text();
  return text.split("\n").filter((line) => line !== "").map((line) => rowSchema.parse(JSON.parse(line)));
};

export const manifestSchema = z.object({
  database: z.string(),
  /** `YYYY-MM-DD`, UTC: the day on which it was begun. */
  day: z.string(),
  started_at: z.number(),
  finished_at: z.number(),
  /** The newest migration at that time. */
  migration: z.string().nullable(),
  /** In the order in which they were read. */
  tables: z.array(z.object({ name: z.string(), pages: z.number(), rows: z.number() })),
});
export type Manifest = z.infer<typeof manifestSchema>;
