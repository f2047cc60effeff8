/** A stretch of a file, both ends in bytes from its start; `length` is at least 1. */
export interface ByteRange {
  offset: number;
  length: number;
}

/** What a Range header asks of a file: all of it, a stretch, or something that is not there (HTTP 416). */
export type RequestedRange = { kind: "full" } | { kind: "partial"; range: ByteRange } | { kind: "unsatisfiable" };

const SINGLE = /^bytes\s*=\s*(\d*)\s*-\s*(\d*)$/i;

/**
 * Reads an HTTP Range header (RFC 9110, section 14). Units other than bytes, several ranges at once and what cannot be
 * parsed are to be ignored by the RFC's leave: the whole file answers them.
 * @param size bytes of the file
 */
export const parseRange = (header: string | null | undefined, size: number): RequestedRange => {
  const match = SINGLE.exec(header?.trim() ?? "");
  const [first = "", last = ""] = match?.slice(1) ?? [];
  if (match === null || (first === "" && last === "")) return { kind: "full" };
  if (first === "") {
    const length = Math.min(Number(last), size);
    return length === 0 ? { kind: "unsatisfiable" } : { kind: "partial", range: { offset: size - length, length } };
  }
  const offset = Number(first);
  const end = last === "" ? size - 1 : Math.min(Number(last), size - 1);
  // "bytes=5-2" is not a range at all, whatever the size; "bytes=900-" of a shorter file is one that is not there.
  if (last !== "" && Number(last) < offset) return { kind: "full" };
  if (offset >= size) return { kind: "unsatisfiable" };
  return { kind: "partial", range: { offset, length: end - offset + 1 } };
};
