import { isObject, listIn, numberIn, textIn } from "../../kit/json.ts";

/** What a prompt for a page says: what it is to be, numbered sources, and why an earlier draft was refused. */
export interface Brief {
  readonly business: string;
  readonly service: string;
  readonly place: string | null;
  readonly keyword: string;
  readonly minWords: number;
  readonly sources: readonly BriefSource[];
  readonly findings: readonly string[];
}

export interface BriefSource {
  readonly ref: string;
  readonly kind: string;
  readonly text: string;
}

/** Undefined when the prompt is for something else. */
export function briefIn(prompt: string): Brief | undefined {
  const line = /^The page: (\{.*\})$/m.exec(prompt)?.[1];
  if (line === undefined) return undefined;
  const page: unknown = JSON.parse(line);
  if (!isObject(page)) return undefined;
  const sources = [...prompt.matchAll(/^\[(s\d+)\] \((\w+)\) (.+)$/gm)].map(([, ref = "", kind = "", text = ""]) => ({ ref, kind, text }));
  return {
    business: textIn(page, "business") ?? "",
    service: textIn(page, "service") ?? "",
    place: textIn(page, "place") ?? null,
    keyword: textIn(page, "keyword") ?? (listIn(page, "secondary_keywords") ?? []).map(String)[0] ?? "",
    minWords: numberIn(page, "min_words") ?? 300,
    sources,
    findings: [...prompt.matchAll(/^- (.+)$/gm)].map(([, text = ""]) => text),
  };
}
