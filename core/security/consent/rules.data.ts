/*
 * When a person may be rung or texted without having asked just now, by where they are. An engineering reading of the law,
 * not legal advice: where a source allows more than a reasonable person would like, the narrower reading is kept, and one
 * rule covers calls and texts. Public holidays are not known here. Sections are cited from memory and were not looked up: have
 * counsel check before relying on one.
 */

/** Hours of the recipient's own clock: from (may contact) to (may not any more); 13.5 is half past one. */
export type Window = readonly [from: number, to: number];
/** Monday first. A day without a window is a day of rest. */
export type Week = readonly [readonly Window[], readonly Window[], readonly Window[], readonly Window[], readonly Window[], readonly Window[], readonly Window[]];

const week = (weekdays: readonly Window[], saturday: readonly Window[], sunday: readonly Window[]): Week => [weekdays, weekdays, weekdays, weekdays, weekdays, saturday, sunday];
const daily = (from: number, to: number): Week => week([[from, to]], [[from, to]], [[from, to]]);

/** Where no rule is known: what passes for decent in most places. */
export const ANYWHERE: Week = week([[9, 20]], [[9, 20]], [[12, 20]]);

/** By ISO 3166-1 alpha-2. */
export const WEEK_OF_COUNTRY: Readonly<Record<string, Week>> = {
  // 47 CFR 64.1200(c)(1) says 8-21 local time; with the states' narrower rules the default that is right in nearly all of them.
  US: week([[9, 20]], [[9, 20]], [[12, 20]]),
  // CRTC Unsolicited Telecommunications Rules, part III, 23: weekdays 9:00-21:30, weekends 10:00-18:00.
  CA: week([[9, 21.5]], [[10, 18]], [[10, 18]]),
  // No statutory hours found; Marketing Association practice.
  NZ: daily(8, 20),
  // Telecommunications (Telemarketing and Research Calls) Industry Standard 2017, s 8: weekdays 9-20, Saturday 9-17, never on Sunday.
  AU: week([[9, 20]], [[9, 17]], []),
  // No statute; the industry's code (DMA) knows 8-21, Sundays later.
  GB: week([[8, 20]], [[9, 20]], [[10, 20]]),
  IE: week([[9, 20]], [[9, 20]], [[12, 20]]),
  // Décret 2022-1313: weekdays 10-13 and 14-20.
  FR: week([[10, 13], [14, 20]], [], []),
  // No statutory hours; Sundays are days of rest (Art. 140 GG).
  DE: week([[9, 20]], [[9, 20]], []),
  AT: week([[9, 20]], [[9, 18]], []),
  // Ley 3/1991, art. 29.2: not between 21 and 9, on weekends or on holidays.
  ES: week([[9, 21]], [], []),
  // Codice di condotta telemarketing 2023, art. 9: weekdays 9-20, Saturday 10-19.
  IT: week([[9, 20]], [[10, 19]], []),
  // Consumer Protection Act 2008, GN R293 of 2011, 4: weekdays 8-20, Saturday 9-13.
  ZA: week([[8, 20]], [[9, 13]], []),
  // TRAI, TCCCPR 2018: 10-21.
  IN: daily(10, 21),
};

/**
 * US states with hours of their own, as commonly listed. They hold besides the country's rule: a state only ever narrows it.
 */
export const WEEK_OF_STATE: Readonly<Record<string, Week>> = {
  // Ala. Code 8-19A-14; Miss. Code 77-3-723; La. R.S. 45:844.31: 8-20, not on Sundays.
  "US-AL": week([[8, 20]], [[8, 20]], []),
  "US-LA": week([[8, 20]], [[8, 20]], []),
  "US-MS": week([[8, 20]], [[8, 20]], []),
  // Conn. Gen. Stat. 42-288a.
  "US-CT": daily(9, 20),
  // Fla. Stat. 501.616(6); 15 O.S. 775C.4; Md. Com. Law 14-4504; N.J. and M.G.L. c. 159C: 8-20.
  "US-FL": daily(8, 20),
  "US-OK": daily(8, 20),
  "US-MD": daily(8, 20),
  "US-NJ": daily(8, 20),
  "US-MA": daily(8, 20),
  // K.R.S. 367.46955: 10-21.
  "US-KY": daily(10, 21),
  // R.I. Gen. Laws 5-61-3.6: weekdays 9-18, Saturday 10-17, never on Sunday.
  "US-RI": week([[9, 18]], [[10, 17]], []),
  // S.D. Codified Laws 37-30A-3 and Utah Code 13-25a-103: not on Sundays.
  "US-SD": week([[9, 21]], [[9, 21]], []),
  "US-UT": week([[8, 21]], [[8, 21]], []),
  // Tex. Bus. & Com. Code 301.051, texts included since 1 September 2025.
  "US-TX": week([[9, 21]], [[9, 21]], [[12, 21]]),
};
