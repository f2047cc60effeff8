import { stringify } from "yaml";

/** A value of the DNA as it is written. */
export const Value = ({ value }: { value: unknown }) => <pre className="min-w-0 text-xs leading-5 [overflow-wrap:anywhere] whitespace-pre-wrap">{stringify(value, { lineWidth: 0 }).trimEnd()}</pre>;
