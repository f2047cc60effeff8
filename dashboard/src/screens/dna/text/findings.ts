import { isRecord, type Path } from "./yaml-text.ts";

export interface Finding {
  path: Path;
  found: unknown;
  /** What the owner says at that path, where they do. */
  own: unknown;
  /** `same`: both say it; `found`: only what was found does, and is in force; `yours`: the owner says something else. */
  state: "same" | "found" | "yours";
}

/** Each value that was found, a list being one, with what the owner says of it. `null` of the owner's hides it. */
export const findingsOf = (found: Readonly<Record<string, unknown>>, own: unknown, path: Path = []): Finding[] =>
  Object.entries(found).flatMap(([key, value]): Finding[] => {
    const here = [...path, key];
    const says = isRecord(own) && Object.hasOwn(own, key);
    const said = isRecord(own) ? own[key] : undefined;
    if (isRecord(value) && Object.keys(value).length > 0 && (!says || isRecord(said))) return findingsOf(value, said, here);
    if (value === null) return [];
    return [{ path: here, found: value, own: said, state: !says ? "found" : JSON.stringify(said) === JSON.stringify(value) ? "same" : "yours" }];
  });
