import { AppError } from "../../errors.ts";

/** What a refusal means for us. One list, from WordPress's own codes and from how hosts and firewalls answer in its place. */
export type WordpressFailure =
  /** The password, the user name, or a host that strips the Authorization header: a person must act. */
  | "login"
  /** The account may not do it. */
  | "forbidden"
  /** It is not there (any more). */
  | "gone"
  /** WordPress has understood and says no; the same again gets the same answer. */
  | "refused"
  /** No WordPress speaks there, or one whose REST API is closed. */
  | "no_api"
  /** Down, slow, overloaded, or an answer that is none: later it may work. Whether it was done is not known. */
  | "unavailable";

const STATUS: Record<WordpressFailure, number> = { login: 422, forbidden: 422, gone: 404, refused: 422, no_api: 422, unavailable: 502 };
const WORDS: Record<WordpressFailure, string> = {
  login: "The WordPress site does not accept the user name and application password. A host that strips the Authorization header looks the same.",
  forbidden: "The WordPress account may not do this.",
  gone: "It is not there in WordPress any more.",
  refused: "WordPress refused what it was sent.",
  no_api: "There is no WordPress REST API at the address.",
  unavailable: "The WordPress site cannot be reached or does not answer as WordPress does.",
};

export class WordpressError extends AppError {
  readonly failure: WordpressFailure;
  /** WordPress's own code, e.g. `rest_cannot_create`. */
  readonly wordpressCode: string | null;
  /** Of the answer; null when there was none. */
  readonly httpStatus: number | null;

  constructor({ failure, wordpressCode = null, httpStatus = null, retryAfterMs, cause }: { failure: WordpressFailure; wordpressCode?: string | null; httpStatus?: number | null; retryAfterMs?: number | undefined; cause?: unknown }) {
    super({
      code: `wordpress_${failure}`,
      status: STATUS[failure],
      message: wordpressCode === null ? WORDS[failure] : `${WORDS[failure]} (${wordpressCode})`,
      retryable: failure === "unavailable",
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      cause,
    });
    this.name = "WordpressError";
    this.failure = failure;
    this.wordpressCode = wordpressCode;
    this.httpStatus = httpStatus;
  }
}

/** Codes that say more than their status (wp-includes/rest-api, class-wp-application-passwords.php). */
const BY_CODE: Record<string, WordpressFailure> = {
  rest_not_logged_in: "login", incorrect_password: "login", invalid_username: "login", invalid_email: "login", application_passwords_disabled: "login", application_passwords_disabled_for_user: "login",
  rest_no_route: "no_api", rest_disabled: "no_api",
  rest_already_trashed: "gone",
  // A full disk, a folder that cannot be written, an image library that gave up.
  rest_upload_unknown_error: "unavailable", db_insert_error: "unavailable", db_update_error: "unavailable",
};

/** @param code WordPress's, or null where the answer was not its */
export const failureOf = (status: number, code: string | null): WordpressFailure => {
  const known = code === null ? undefined : BY_CODE[code];
  if (known !== undefined) return known;
  if (status === 429 || status >= 500) return "unavailable";
  if (status === 401) return "login";
  if (status === 403) return "forbidden";
  if (status === 404) return code === null ? "no_api" : "gone";
  return status === 410 ? "gone" : "refused";
};
