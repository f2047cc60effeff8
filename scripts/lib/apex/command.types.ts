/** What a person typed behind a command: its positional arguments and its options, by name. */
export interface Given {
  args: Readonly<Record<string, string>>;
  options: Readonly<Record<string, string | undefined>>;
  /** The text of a file; `-` is standard input. */
  read: (file: string) => string;
}

export interface ApiRequest {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  query?: Readonly<Record<string, string | undefined>>;
  /** Sent as JSON; a string is sent as it is. */
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
}

/** One command, as data: which request it is, and what of the answer a person sees. */
export interface Command {
  /** e.g. `leads list`. */
  name: string;
  summary: string;
  /** Positional arguments, all of them needed. */
  args?: readonly string[];
  /** Options that take a value, with a word for it; one that ends in `!` is needed. */
  options?: Readonly<Record<string, string>>;
  /** @throws UsageError for what the API need not be asked about */
  request: (given: Given) => ApiRequest;
  /** The answer is a list, of which these fields (dots lead inside) are a line each. */
  columns?: readonly string[];
  /** The answer is text, printed as it is. */
  text?: true;
  /** What a person is told when it is done; absent: the answer. */
  done?: (given: Given, answer: unknown) => string;
}
