import { type FieldMapping, mappedAnswers, type Meaning, meaningOf } from "./answer-roles.ts";
import { type Answer, answersOf } from "./answers.ts";
import { bookkeepingOf, PAGE_URL_NAMES, SUBMISSION_ID_NAMES } from "./bookkeeping.ts";
import type { FieldRole } from "./field-aliases.ts";
import { labelWords } from "./field-labels.ts";
import type { Fields } from "./form-fields.ts";
import { findEmail, findPhone, firstOf } from "./find-contact.ts";
import { findGravityName, isGravityPart } from "./gravity-names.ts";
import { joinName } from "./person-name.ts";
import { type NormalisedLead, normaliseLead } from "./normalised-lead.ts";
import { cleanLine, orNull } from "./text.ts";
import { asEmail, asPhone, isFullNameLike, isNameLike, isProse } from "./value-kinds.ts";

export interface WordPressLead {
  lead: NormalisedLead;
  /** The plugin's own id of the submission, unique within the site's form only; null when it gave none. */
  submission_id: string | null;
}

export interface WordPressOptions {
  /** ISO 3166-1 alpha-2: the country that national phone numbers are read in. */
  country: string;
  mapping?: FieldMapping | undefined;
}

/**
 * Reads a submission of Contact Form 7, Gravity Forms, WPForms, Elementor, Fluent Forms or Ninja Forms (CONTRACTS.md §3), or
 * of anything that sends names and values. Each part of the lead is looked for first where the project's mapping says, then
 * by known names and labels, then by the looks of the values. Never throws; a form with nothing in it gives an empty lead.
 */
export const readWordPressLead = (fields: Fields, { country, mapping = {} }: WordPressOptions): WordPressLead => {
  const all = answersOf(fields);
  const isBookkeeping = bookkeepingOf(fields);
  const mapped = (part: keyof FieldMapping): Answer[] => mappedAnswers(all, mapping[part]);
  const mappedByOwner = new Set((["name", "phone", "email", "message", "service", "place"] as const).flatMap(mapped));
  const answers = all.filter((answer) => mappedByOwner.has(answer) || !isBookkeeping(answer.path[0] ?? "", answer.path.at(-1) ?? ""));

  const meanings = new Map(answers.map((answer) => [answer, meaningOf(answer)]));
  const left = new Set(answers);
  const take = (...taken: Answer[]): void => taken.forEach((answer) => left.delete(answer));
  /** What is left with this role, strongest first; what the owner mapped to another part never plays. */
  const labelled = (role: FieldRole): Answer[] =>
    [...left]
      .filter((answer) => !mappedByOwner.has(answer) && meanings.get(answer)?.role === role)
      .sort((a, b) => strength(meanings.get(b)) - strength(meanings.get(a)));
  /** What is left for a search by looks: fields without a known name before those with one. */
  const byLooks = (): Answer[] => {
    const free = [...left].filter((answer) => !mappedByOwner.has(answer));
    return [...free.filter((answer) => !meanings.get(answer)), ...free.filter((answer) => meanings.get(answer))];
  };

  const phone = findPhone([...mapped("phone"), ...labelled("phone")], byLooks(), country);
  if (phone !== null) take(phone.answer);

  const email = findEmail([...mapped("email"), ...labelled("email")], byLooks());
  if (email !== null) take(email.answer);

  let name = mapped("name").map((answer) => answer.text).join(" ");
  if (name !== "") take(...mapped("name"));
  else {
    const isName = (answer: Answer): boolean => asPhone(answer.text, country) === null && asEmail(answer.text) === null;
    const gravity = findGravityName(fields, [...left].filter((answer) => !mappedByOwner.has(answer)));
    const full = labelled("name").find(isName);
    const first = labelled("first_name").find(isName) ?? gravity?.first ?? undefined;
    const last = labelled("last_name").find(isName) ?? gravity?.last ?? undefined;
    name = joinName({ full: full?.text, first: first?.text, last: last?.text });
    take(...[full, first, last].filter((answer) => answer !== undefined));
  }

  const chosen = (part: "service" | "message"): Answer | undefined => mapped(part)[0] ?? labelled(part)[0];
  const service = chosen("service");
  if (service) take(service);
  let message = chosen("message");
  if (message) take(message);
  const places = mapping.place !== undefined && mapped("place").length > 0 ? mapped("place") : labelled("place").sort(inFormOrder(answers));
  take(...places);

  const nameless = [...left].filter((answer) => !meanings.get(answer) && !mappedByOwner.has(answer) && !isGravityPart(answer));
  if (name === "") {
    const found = nameless.find(({ text }) => isFullNameLike(text)) ?? nameless.find(({ text }) => isNameLike(text));
    if (found) {
      name = found.text;
      take(found);
    }
  }
  if (!message) {
    message = nameless
      .filter((answer) => left.has(answer) && isProse(answer.text))
      .reduce<Answer | undefined>((longest, answer) => (longest && longest.text.length >= answer.text.length ? longest : answer), undefined);
    if (message) take(message);
  }

  const lead = normaliseLead({
    name,
    phone: phone?.e164 ?? null,
    phone_raw: phone?.answer.text ?? null,
    email: email?.address ?? null,
    message: message?.text ?? null,
    service: service?.text ?? null,
    place: [...new Set(places.map((answer) => answer.text))].join(", "),
    page_url: textNamed(all, PAGE_URL_NAMES),
    fields: [...left].map((answer) => [answer.label ?? answer.path.join("."), answer.text] as const),
  });
  return { lead, submission_id: submissionId(fields, all) };
};

const strength = (meaning: Meaning | null | undefined): number => meaning?.strength ?? 0;

const inFormOrder = (answers: readonly Answer[]) => (a: Answer, b: Answer) => answers.indexOf(a) - answers.indexOf(b);

const textNamed = (answers: readonly Answer[], names: readonly string[]): string | null =>
  firstOf(names, (name) => answers.find((answer) => labelWords(answer.path.at(-1) ?? "") === name)?.text ?? null);

const submissionId = (fields: Fields, answers: readonly Answer[]): string | null => {
  const ownId = answers.find(({ path }) => path.join(".") === "__submission.id")?.text;
  // A bare "id" may be anything, except in an entry of Gravity Forms, known by its other columns.
  const gravityId = "date_created" in fields && "form_id" in fields ? answers.find(({ path }) => path.join(".") === "id")?.text : undefined;
  return orNull(cleanLine(ownId ?? gravityId ?? textNamed(answers, SUBMISSION_ID_NAMES) ?? "", 100));
};
