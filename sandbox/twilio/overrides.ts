/** How one webhook is tried, from the fragment of its URL (CONTRACTS 1.8). Times in real milliseconds. */
export interface ConnectionOverrides {
  readonly connectMs: number;
  readonly readMs: number;
  readonly totalMs: number;
  /** Further tries after the first. */
  readonly retries: number;
  readonly retryOn: ReadonlySet<string>;
  /** False when a part of the fragment could not be read (error 11243); the rest counts. */
  readonly valid: boolean;
}

const REASONS = new Set(["4xx", "5xx", "ct", "rt", "all"]);

function bounded(text: string, min: number, max: number): number | undefined {
  const value = Number(text);
  return /^\d+$/.test(text) && value >= min && value <= max ? value : undefined;
}

export function connectionOverrides(url: string): ConnectionOverrides {
  const found = { connectMs: 5000, readMs: 15_000, totalMs: 15_000, retries: 1, retryOn: new Set(["ct"]) };
  let valid = true;
  const hash = url.indexOf("#");
  for (const [name, value] of new URLSearchParams(hash < 0 ? "" : url.slice(hash + 1))) {
    const take = (field: "connectMs" | "readMs" | "totalMs" | "retries", min: number, max: number): void => {
      const number = bounded(value, min, max);
      if (number === undefined) valid = false;
      else found[field] = number;
    };
    if (name === "ct") take("connectMs", 100, 10_000);
    else if (name === "rt") take("readMs", 100, 15_000);
    else if (name === "tt") take("totalMs", 100, 15_000);
    else if (name === "rc") take("retries", 0, 5);
    else if (name === "rp") {
      const reasons = value.split(",");
      if (reasons.every((reason) => REASONS.has(reason))) found.retryOn = new Set(reasons);
      else valid = false;
    } else if (name !== "e" && name !== "sni") valid = false;
  }
  return { ...found, valid };
}
