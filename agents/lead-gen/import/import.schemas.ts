import { z } from "zod";

/** What a lead from a file may be: nothing of it is on its way to be called. */
export const importedStatuses = ["new", "called", "quoted", "won", "completed", "lost"] as const;
export type ImportedStatus = (typeof importedStatuses)[number];

export const importParams = z.strictObject({ status: z.enum(importedStatuses) });

/** A row of a file that cannot be a lead. `row`: as a spreadsheet counts, the header being 1. */
export const rowErrorSchema = z.object({ row: z.number().int(), column: z.string().nullable(), message: z.string() });
export type RowError = z.infer<typeof rowErrorSchema>;

/** What is known of a person from a file; absent is null. */
export interface ImportedLead {
  row: number;
  name: string;
  /** E.164. */
  phone: string | null;
  email: string | null;
  status: ImportedStatus;
  source: string;
  message: string | null;
  service: string | null;
  place: string | null;
  /** In the business's currency. */
  amount: number | null;
  /** ISO 8601. */
  last_contacted_at: string | null;
  /** Other columns, by their headings. */
  fields: Record<string, string>;
}

export interface ReadFile {
  /** Rows that say anything. */
  rows: number;
  leads: ImportedLead[];
  /** Rows about somebody of whom an earlier row was: they are one lead. */
  repeated: number;
  errors: RowError[];
  /** What each column was taken for; null: kept under its own heading; `ignored`: what only the house says of a lead. */
  columns: { heading: string; as: string | null }[];
}
