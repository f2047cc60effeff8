import { ZONES_OF_STATE } from "./places.data.ts";

const US =
  "AL Alabama,AK Alaska,AZ Arizona,AR Arkansas,CA California,CO Colorado,CT Connecticut,DE Delaware,DC District of Columbia,FL Florida,GA Georgia,HI Hawaii,ID Idaho,IL Illinois,IN Indiana,IA Iowa,KS Kansas,KY Kentucky,LA Louisiana,ME Maine,MD Maryland,MA Massachusetts,MI Michigan,MN Minnesota,MS Mississippi,MO Missouri,MT Montana,NE Nebraska,NV Nevada,NH New Hampshire,NJ New Jersey,NM New Mexico,NY New York,NC North Carolina,ND North Dakota,OH Ohio,OK Oklahoma,OR Oregon,PA Pennsylvania,RI Rhode Island,SC South Carolina,SD South Dakota,TN Tennessee,TX Texas,UT Utah,VT Vermont,VA Virginia,WA Washington,WV West Virginia,WI Wisconsin,WY Wyoming";
const CA =
  "AB Alberta,BC British Columbia,MB Manitoba,NB New Brunswick,NL Newfoundland and Labrador,NS Nova Scotia,ON Ontario,PE Prince Edward Island,QC Quebec,SK Saskatchewan,YT Yukon,NT Northwest Territories,NU Nunavut";

const statesOf = (country: string, list: string): { code: string; abbreviation: string; name: string }[] =>
  list.split(",").map((entry) => ({ code: `${country}-${entry.slice(0, 2)}`, abbreviation: entry.slice(0, 2), name: entry.slice(3).toLowerCase() }));

const STATES: Record<string, ReturnType<typeof statesOf>> = { US: statesOf("US", US), CA: statesOf("CA", CA) };

/** What may follow a state in an address: a ZIP code or a Canadian postal code, and the country. */
const TAIL = /[\s,.]*(?:\b\d{5}(?:-\d{4})?|\b[A-Z]\d[A-Z] ?\d[A-Z]\d)?[\s,.]*(?:USA|U\.S\.A\.|US|United States|Canada)?[\s,.]*$/i;

/**
 * Where an address is, as far as it names its state: "Austin, TX 78701", "Boise, Idaho". Only of countries whose states have rules
 * or clocks of their own; null where it tells nothing, or the answer would be a guess.
 * @param country the address's, ISO 3166-1 alpha-2
 */
export const placeOfAddress = (address: string | null, country: string): { state: string | null; time_zone: string | null } | null => {
  const states = STATES[country];
  if (address === null || states === undefined) return null;
  const text = address.replace(TAIL, "").trim();
  const lastWord = /(?:^|[\s,])([A-Z]{2})$/.exec(text)?.[1];
  const lower = text.toLowerCase();
  // The longest name first: "West Virginia" ends with "Virginia".
  const named = states.filter(({ name }) => new RegExp(`(?:^|[\\s,])${name}$`).test(lower)).toSorted((a, b) => b.name.length - a.name.length)[0];
  const state = named ?? states.find(({ abbreviation }) => abbreviation === lastWord);
  if (state === undefined) return null;
  const zones = ZONES_OF_STATE[state.code] ?? [];
  return { state: state.code, time_zone: zones.length === 1 ? (zones[0] ?? null) : null };
};
