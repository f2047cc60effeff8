import type { Dna } from "../../../core/dna/schema.ts";
import type { Page } from "../page.ts";
import type { Finding, PageContent, Source } from "../page.schemas.ts";
import { type Body, readBody } from "./read-body.ts";

/** What the rules look at. */
export interface Reviewed {
  metadata: Page["metadata"];
  content: PageContent;
  dna: Dna;
  body: Body;
  /** Sources that are not true any more. */
  stale: readonly Source[];
}

export interface Rule {
  name: string;
  check: (page: Reviewed) => Finding[];
}

export const reviewed = ({ metadata }: Pick<Page, "metadata">, content: PageContent, dna: Dna, stale: readonly Source[] = []): Reviewed => ({ metadata, content, dna, stale, body: readBody(content.body_html) });

const clip = (text: string): string => (text.length > 500 ? `${text.slice(0, 499)}…` : text);

/** Makes a rule's findings. `line`: of the body, from 1. */
export const finder = (rule: string) => ({
  error: (message: string, suggestion: string | null = null, line: number | null = null): Finding => ({ rule, severity: "error", line, message: clip(message), suggestion: suggestion === null ? null : clip(suggestion) }),
  warning: (message: string, suggestion: string | null = null, line: number | null = null): Finding => ({ rule, severity: "warning", line, message: clip(message), suggestion: suggestion === null ? null : clip(suggestion) }),
});
