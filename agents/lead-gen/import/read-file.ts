import { fromCsv } from "../../../core/csv.ts";
import { invalid } from "../../../core/errors.ts";
import { normaliseLead } from "../../../core/intake/normalised-lead.ts";
import { joinName } from "../../../core/intake/person-name.ts";
import { asEmail } from "../../../core/intake/value-kinds.ts";
import { phoneFieldToE164 } from "../../../core/phone.ts";
import { type Column, type ColumnRole, columnsOf } from "./columns.ts";
import { type ImportedLead, type ImportedStatus, importedStatuses, type ReadFile, type RowError } from "./import.schemas.ts";
import { mergeRows } from "./same-person.ts";

export const MOST_ROWS = 10_000;
const MOST_COLUMNS = 60;

/** What people call it, and what the house does. */
const STATUSES: Readonly<Record<string, ImportedStatus>> = { booked: "won", customer: "completed", done: "completed", "not for us": "lost" };
const statusOf = (said: string): ImportedStatus | null => {
  const words = said.toLowerCase().replaceAll("_", " ").trim();
  return STATUSES[words] ?? importedStatuses.find((status) => status === words) ?? null;
};

/** `1,234.50`, `$ 450`, `NZD 450`; null for what is no amount. */
const amountOf = (said: string): number | null => {
  const figures = said.replaceAll(/[^\d.,-]/g, "").replaceAll(/,(?=\d{3}(?:\D|$))/g, "").replace(",", ".");
  const amount = Number(figures);
  return figures === "" || !Number.isFinite(amount) || amount < 0 ? null : amount;
};

const dateOf = (said: string): string | null => (/^\d{4}-\d{2}-\d{2}(?:$|[T ])/.test(said) && !Number.isNaN(Date.parse(said)) ? new Date(said).toISOString() : null);

/** A source is a name that figures are counted by. What hunts find is rung by its score: no file may claim to be a hunt. */
const sourceOf = (said: string): string => {
  const name = said.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "_").slice(0, 40).replaceAll(/^_+|_+$/g, "");
  return name === "" || name === "sniper" ? "import" : name;
};

type Read = { lead: ImportedLead } | { errors: RowError[] };

const readRow = (cells: readonly string[], columns: readonly Column[], row: number, { country, status }: FileOptions): Read => {
  const cellOf = (role: ColumnRole): string => cells[columns.findIndex((column) => column.role === role)] ?? "";
  const headingOf = (role: ColumnRole): string | null => columns.find((column) => column.role === role)?.heading ?? null;
  const errors: RowError[] = [];
  const wrong = (role: ColumnRole, message: string): void => void errors.push({ row, column: headingOf(role), message });

  const phone = cellOf("phone") === "" ? null : phoneFieldToE164(cellOf("phone"), country);
  const email = cellOf("email") === "" ? null : asEmail(cellOf("email"));
  if (cellOf("phone") !== "" && phone === null && email === null) wrong("phone", "is no phone that can be reached");
  if (cellOf("email") !== "" && email === null) wrong("email", "is no e-mail address");
  if (cellOf("phone") === "" && cellOf("email") === "") errors.push({ row, column: null, message: "has neither a phone nor an e-mail address" });
  const known = cellOf("status") === "" ? status : statusOf(cellOf("status"));
  if (known === null) wrong("status", `must be one of: ${importedStatuses.join(", ")}`);
  const amount = cellOf("amount") === "" ? null : amountOf(cellOf("amount"));
  if (cellOf("amount") !== "" && amount === null) wrong("amount", "must be an amount");
  const last_contacted_at = cellOf("last_contacted_at") === "" ? null : dateOf(cellOf("last_contacted_at"));
  if (cellOf("last_contacted_at") !== "" && last_contacted_at === null) wrong("last_contacted_at", "must be a date like 2026-05-31");
  if (errors.length > 0 || known === null) return { errors };

  const others = columns.flatMap(({ heading, role }, at): [string, string][] => (role === "other" ? [[heading, cells[at] ?? ""]] : []));
  const clean = normaliseLead({
    phone, email,
    name: joinName({ full: cellOf("name"), first: cellOf("first_name"), last: cellOf("last_name") }),
    message: cellOf("message"), service: cellOf("service"), place: cellOf("place"),
    fields: others,
  });
  return { lead: { row, name: clean.name ?? "", phone, email: clean.email, status: known, source: sourceOf(cellOf("source")), message: clean.message, service: clean.service, place: clean.place, amount, last_contacted_at, fields: clean.fields } };
};

export interface FileOptions {
  /** ISO 3166-1 alpha-2: the country that national phone numbers are read in. */
  country: string;
  /** Of rows that say none. */
  status: ImportedStatus;
}

/**
 * Reads leads out of a CSV file whose first row has the headings. Rows that cannot be read are named, the others are read all the same.
 * @throws AppError 422 for a file that is none: no headings, no column for phones or e-mails, too many rows
 */
export const readFile = (text: string, options: FileOptions): ReadFile => {
  const [headings = [], ...rows] = fromCsv(text);
  const columns = columnsOf(headings.slice(0, MOST_COLUMNS));
  if (!columns.some(({ role }) => role === "phone" || role === "email")) throw invalid([{ path: "", message: "the first row must have headings, and one of them must be of phones or e-mail addresses" }]);
  const said = rows.flatMap((cells, at) => (cells.some((cell) => cell !== "") ? [{ cells, row: at + 2 }] : []));
  if (said.length === 0) throw invalid([{ path: "", message: "there are no rows below the headings" }]);
  if (said.length > MOST_ROWS) throw invalid([{ path: "", message: `has ${said.length} rows; at most ${MOST_ROWS} are taken at a time` }]);
  const read = said.map(({ cells, row }) => readRow(cells, columns, row, options));
  const leads = read.flatMap((one) => ("lead" in one ? [one.lead] : []));
  const merged = mergeRows(leads);
  return {
    rows: said.length,
    leads: merged,
    repeated: leads.length - merged.length,
    errors: read.flatMap((one) => ("errors" in one ? one.errors : [])),
    columns: columns.map(({ heading, role }) => ({ heading, as: role === "other" ? null : role === "ours" ? "ignored" : role })),
  };
};
