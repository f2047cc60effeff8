const DEFAULT_PAGE_SIZE = 50;
const LARGEST_PAGE = 1000;

function wholeNumber(text: string | null, otherwise: number): number {
  return text !== null && /^\d+$/.test(text) ? Number(text) : otherwise;
}

/** A list as Twilio pages it; `name` is the field that holds the items. */
export function pageOf<T>(name: string, items: readonly T[], show: (item: T) => unknown, url: URL): Record<string, unknown> {
  const pageSize = Math.min(LARGEST_PAGE, Math.max(1, wholeNumber(url.searchParams.get("PageSize"), DEFAULT_PAGE_SIZE)));
  const page = wholeNumber(url.searchParams.get("Page"), 0);
  const uriOf = (number: number): string => {
    const query = new URLSearchParams(url.searchParams);
    query.set("PageSize", String(pageSize));
    query.set("Page", String(number));
    return `${url.pathname}?${query.toString()}`;
  };
  const start = page * pageSize;
  const shown = items.slice(start, start + pageSize);
  return {
    [name]: shown.map(show),
    page,
    page_size: pageSize,
    start,
    end: Math.max(start, start + shown.length - 1),
    first_page_uri: uriOf(0),
    next_page_uri: start + pageSize < items.length ? uriOf(page + 1) : null,
    previous_page_uri: page > 0 ? uriOf(page - 1) : null,
    uri: uriOf(page),
  };
}

/** `StartTime=`, `StartTime>=`, `StartTime<=` (a day or a moment). What has no time yet fails any of them. */
export function timeFilter(query: URLSearchParams, name: string): (ms: number | null) => boolean {
  const limits: ((ms: number) => boolean)[] = [];
  for (const [key, value] of query) {
    // `StartTime>=2026-11-22` reaches us as the name `StartTime>`; some clients write `StartTimeAfter`.
    const from = Date.parse(value);
    if (!key.startsWith(name) || Number.isNaN(from)) continue;
    const until = /^\d{4}-\d\d-\d\d$/.test(value) ? from + 86_400_000 - 1 : from;
    const relation = key.slice(name.length);
    if (relation === ">" || relation === "After") limits.push((ms) => ms >= from);
    else if (relation === "<" || relation === "Before") limits.push((ms) => ms <= until);
    else if (relation === "") limits.push((ms) => ms >= from && ms <= until);
  }
  return (ms) => limits.length === 0 || (ms !== null && limits.every((holds) => holds(ms)));
}
