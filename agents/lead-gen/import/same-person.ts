import type { ImportedLead } from "./import.schemas.ts";

/** By what a person is known: by their phone; where one side has none, by their e-mail address. As intake does it. */
export interface PersonKeys {
  phone: string | null;
  email: string | null;
}

/**
 * Finds the first of some people who is the same as another.
 * @returns `find`, and `add` for those that come later
 */
export const createPeople = <Person extends PersonKeys>() => {
  const [byPhone, byEmail] = [new Map<string, Person>(), new Map<string, Person[]>()];
  return {
    find({ phone, email }: PersonKeys): Person | undefined {
      const known = phone === null ? undefined : byPhone.get(phone);
      return known ?? (email === null ? undefined : byEmail.get(email)?.find((one) => phone === null || one.phone === null));
    },
    add(person: Person): void {
      if (person.phone !== null && !byPhone.has(person.phone)) byPhone.set(person.phone, person);
      if (person.email !== null) byEmail.set(person.email, [...(byEmail.get(person.email) ?? []), person]);
    },
  };
};

const laterOf = (a: string | null, b: string | null): string | null => (a === null || (b !== null && b > a) ? b : a);
const bothOf = (a: string | null, b: string | null): string | null => (a === null || b === null ? (a ?? b) : a.includes(b) ? a : `${a}\n${b}`);

/** Rows about one person are one lead: the first says what it is, the others what is missing. */
export const mergeRows = (leads: readonly ImportedLead[]): ImportedLead[] => {
  const people = createPeople<ImportedLead>();
  const merged: ImportedLead[] = [];
  for (const lead of leads) {
    const first = people.find(lead);
    if (first === undefined) {
      merged.push(lead);
      people.add(lead);
      continue;
    }
    Object.assign(first, {
      name: first.name === "" ? lead.name : first.name,
      phone: first.phone ?? lead.phone,
      email: first.email ?? lead.email,
      message: bothOf(first.message, lead.message),
      service: first.service ?? lead.service,
      place: first.place ?? lead.place,
      amount: first.amount ?? lead.amount,
      last_contacted_at: laterOf(first.last_contacted_at, lead.last_contacted_at),
      fields: { ...lead.fields, ...first.fields },
    });
    people.add(first);
  }
  return merged;
};
