import type { Answer } from "./answers.ts";
import type { FieldRole } from "./field-aliases.ts";
import { labelMeaning, type LabelMeaning, labelWords } from "./field-labels.ts";

/** Where a project's own forms keep what: names, labels or dotted paths, from its DNA. Spelling is compared without case, spaces and signs. */
export interface FieldMapping {
  name?: string | undefined;
  phone?: string | undefined;
  email?: string | undefined;
  message?: string | undefined;
  service?: string | undefined;
  place?: string | undefined;
}

/** An answer and what its name says it is. Higher strength goes first. */
export interface Meaning {
  role: FieldRole;
  strength: number;
}

/** Kinds of input, as Elementor, WPForms and Fluent Forms call them, that say what is in them. */
const TYPE_ROLES: Readonly<Record<string, FieldRole | undefined>> = {
  tel: "phone", phone: "phone", email: "email", textarea: "message", name: "name", address: "place",
  acceptance: "other", gdpr: "other", "gdpr-checkbox": "other", hidden: "other", recaptcha: "other", recaptcha_v3: "other",
  honeypot: "other", password: "other", upload: "other", "file-upload": "other", date: "other", time: "other",
};

/**
 * What an answer's label, name, type and place say, strongest first: a whole label, a whole name, the type, words within a
 * label or name, the branch it stands in (`phone.full`). Null when nothing is known.
 */
export const meaningOf = (answer: Answer): Meaning | null => {
  const byLabel = answer.label === null ? null : labelMeaning(answer.label);
  const byName = labelMeaning(answer.path.at(-1) ?? "");
  // Fluent's `names[first]`, WPForms' `phone[full]`. Deeper nesting is the sender's own and says nothing.
  const byBranch = answer.path.length > 1 ? labelMeaning(answer.path.at(-2) ?? "") : null;
  const type = answer.type === null ? undefined : TYPE_ROLES[answer.type];

  const steps: [LabelMeaning | null, LabelMeaning["strength"], number][] = [
    [byLabel, "exact", 6],
    [byName, "exact", 5],
    [byLabel, "within", 3],
    [byName, "within", 2],
    [byBranch, "exact", 1],
  ];
  // A type of "text" or "select" says nothing; one that does, outranks words inside a longer label.
  if (type !== undefined) steps.splice(2, 0, [{ role: type, strength: "exact" }, "exact", 4]);
  for (const [meaning, wanted, strength] of steps) if (meaning?.strength === wanted) return { role: meaning.role, strength };
  return null;
};

/** The answers that a mapped name points to: the field itself, or all parts of a group ("names" of `names.first_name`). */
export const mappedAnswers = (answers: readonly Answer[], mapped: string | undefined): Answer[] => {
  const wanted = spelling(mapped ?? "");
  if (wanted === "") return [];
  const exact = answers.filter((answer) => spellings(answer).includes(wanted));
  if (exact.length > 0) return exact.slice(0, 1);
  return answers.filter((answer) => answer.path.some((_, index) => spelling(answer.path.slice(0, index + 1).join(".")) === wanted));
};

const spellings = (answer: Answer): string[] => [
  ...answer.path.map((_, index) => spelling(answer.path.slice(index).join("."))),
  ...(answer.label === null ? [] : [spelling(answer.label)]),
  // Elementor's advanced format hides the value one step deeper; who maps by looking at the body may write that too.
  spelling([...answer.path, "value"].join(".")),
];

/** Case, accents and signs don't count, digits do: "1.3" and "tel-1" are other fields than "1.6" and "tel-2". */
const spelling = (name: string): string => labelWords(`${name} end`).replaceAll(" ", "");
