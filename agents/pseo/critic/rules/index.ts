import type { Rule } from "../reviewed.ts";
import { accessible } from "./accessible.ts";
import { facts } from "./facts.ts";
import { forbidden } from "./forbidden.ts";
import { headings } from "./headings.ts";
import { html } from "./html.ts";
import { jsonLd } from "./json-ld.ts";
import { keyword } from "./keyword.ts";
import { length } from "./length.ts";
import { place } from "./place.ts";
import { readability } from "./readability.ts";
import { sources } from "./sources.ts";

/** What the critic looks at by code, in the order in which it tells. Uniqueness looks at other pages besides: `uniqueness/unique.ts`. */
export const rules: readonly Rule[] = [facts, sources, place, forbidden, length, keyword, readability, headings, html, jsonLd, accessible];
