import { dateTimeOf } from "./format.ts";
import { purposeName } from "./names.ts";
import { said } from "./words.ts";

/** What only a machine finds anything by. */
const isHandle = (name: string): boolean => /(^|_)(sid|sids|id|ids|nonce|candidates)$/.test(name);
/** What says of itself nothing without its name. */
const NAMED: ReadonlySet<string> = new Set(["attempt", "round", "digit", "key"]);

const shown = (name: string, value: unknown, zone: string): string[] => {
  if (isHandle(name) || value === null || value === undefined || value === "") return [];
  if (typeof value === "number" || typeof value === "boolean") return [`${name.replaceAll("_", " ")} ${value}`];
  if (typeof value !== "string") return [];
  if (NAMED.has(name)) return [`${name} ${value}`];
  if (name === "until" && !Number.isNaN(Date.parse(value))) return [dateTimeOf(value, zone)];
  if (name === "purpose") return [purposeName(value)];
  // Only what is a word of the API's is made readable; a sentence or an address stays as it is.
  return [/^[a-z]+(_[a-z]+)*$/.test(value) ? said("end", value) : value];
};

/** What an event of a call says beside its name, in words. @param only these, in this order; all when left out */
export const eventDetail = (detail: Readonly<Record<string, unknown>>, zone: string, only: readonly string[] = Object.keys(detail)): string => only.flatMap((name) => shown(name, detail[name], zone)).join(" · ");
