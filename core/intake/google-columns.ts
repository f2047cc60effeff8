import { phoneFieldToE164 } from "../phone.ts";
import { type NormalisedLead, normaliseLead } from "./normalised-lead.ts";
import { joinName } from "./person-name.ts";
import { asEmail, asPhone } from "./value-kinds.ts";

/** One answer of a Google lead form. A custom question has its own slug for `column_id` and the question for `column_name`. */
export interface GoogleColumn {
  column_id?: string | null | undefined;
  column_name?: string | null | undefined;
  string_value?: string | null | undefined;
}

type Part = "full_name" | "first_name" | "last_name" | "phone" | "email" | "service" | "place" | "field";

/**
 * Google's own columns (enum LeadFormFieldUserInputType, googleads v20). `field` ones are kept beside the lead; whatever is
 * not in this table is a custom question. "User Phone" and "User Email" are names that Google shows for these columns.
 */
const COLUMN_PARTS: ReadonlyMap<string, Part> = new Map<string, Part>([
  ["FULL_NAME", "full_name"], ["FIRST_NAME", "first_name"], ["LAST_NAME", "last_name"], ["GIVEN_NAME", "first_name"], ["FAMILY_NAME", "last_name"],
  ["PHONE_NUMBER", "phone"], ["USER_PHONE", "phone"], ["PHONE", "phone"], ["WORK_PHONE", "phone"],
  ["EMAIL", "email"], ["USER_EMAIL", "email"], ["WORK_EMAIL", "email"],
  ["STREET_ADDRESS", "place"], ["CITY", "place"], ["REGION", "place"], ["POSTAL_CODE", "place"], ["ZIP_CODE", "place"],
  ["SERVICE", "service"], ["PRODUCT", "service"], ["CATEGORY", "service"], ["OFFER", "service"],
  ["COUNTRY", "field"], ["COMPANY_NAME", "field"], ["JOB_TITLE", "field"], ["PREFERRED_CONTACT_METHOD", "field"],
  ["PREFERRED_CONTACT_TIME", "field"], ["PREFERRED_LOCATION", "field"],
]);

interface Answer {
  id: string;
  part: Part | null;
  question: string;
  value: string;
}

/**
 * A lead of a form's columns. A column may come twice: the first usable phone and address count and the others go to
 * `fields`, services and places are joined, custom questions become the lines of the message.
 */
export const readColumns = (columns: readonly GoogleColumn[], country: string): NormalisedLead => {
  const answers = columns.map(toAnswer).filter((answer) => answer.value !== "");
  const left = new Set(answers);
  const of = (part: Part | null): Answer[] => answers.filter((answer) => answer.part === part);
  const takeFirst = (candidates: Answer[], accepts: (value: string) => boolean = () => true): Answer | undefined => {
    const found = candidates.find((answer) => left.has(answer) && accepts(answer.value));
    if (found) left.delete(found);
    return found;
  };
  const takeAll = (part: Part): string => {
    const values = of(part).map((answer) => {
      left.delete(answer);
      return answer.value;
    });
    return [...new Set(values)].join(", ");
  };

  const isCallable = (value: string): boolean => phoneFieldToE164(value, country) !== null;
  // Someone may have asked for the number in a question of their own; and what can't be called is still shown to the owner.
  const phone =
    takeFirst(of("phone"), isCallable) ?? takeFirst(of(null), (value) => asPhone(value, country) !== null) ?? takeFirst(of("phone"));
  const isEmail = (value: string): boolean => asEmail(value) !== null;
  const email = takeFirst(of("email"), isEmail) ?? takeFirst(of(null), isEmail) ?? takeFirst(of("email"), (value) => value.includes("@"));
  const name = joinName({
    full: takeFirst(of("full_name"))?.value,
    first: takeFirst(of("first_name"))?.value,
    last: takeFirst(of("last_name"))?.value,
  });
  const service = takeAll("service");
  const place = takeAll("place");
  const questions = of(null).filter((answer) => left.delete(answer));

  return normaliseLead({
    name,
    phone: phone === undefined ? null : phoneFieldToE164(phone.value, country),
    phone_raw: phone?.value ?? null,
    email: email === undefined ? null : (asEmail(email.value) ?? email.value),
    message: questions.map(toLine).join("\n"),
    service,
    place,
    fields: [...left].map((answer) => [answer.id.toLowerCase(), answer.value] as const),
  });
};

const toAnswer = (column: GoogleColumn): Answer => {
  const given = column.column_id?.trim() ?? "";
  const shown = column.column_name?.trim() ?? "";
  const id = given === "" ? shown : given;
  const part = COLUMN_PARTS.get(id.toUpperCase().replace(/[\s-]+/g, "_")) ?? null;
  return { id, part, question: shown === "" ? id.replaceAll("_", " ") : shown, value: column.string_value?.trim() ?? "" };
};

/** "Question: answer"; a question mark needs no colon after it. */
const toLine = ({ question, value }: Answer): string => {
  const asked = question.replace(/\s*:+$/, "");
  if (asked === "") return value;
  return /[?？]$/.test(asked) ? `${asked} ${value}` : `${asked}: ${value}`;
};
