import { BadRequest } from "../kit/http.ts";
import { isObject, textIn } from "../kit/json.ts";
import { isE164 } from "../kit/phone.ts";
import type { ApiCall, ApiRoute, Reply } from "./api.ts";
import { pageOf } from "./lists.ts";

/** An account as the control interface describes it. */
export interface NewAccount {
  readonly auth_token: string;
  readonly numbers: readonly string[];
}

export function parseAccount(input: unknown): NewAccount {
  if (!isObject(input)) throw new BadRequest("An account is an object.");
  const token = textIn(input, "auth_token");
  const numbers = input["numbers"] ?? [];
  if (token === undefined || token === "") throw new BadRequest("auth_token: the account's token.");
  if (!Array.isArray(numbers) || !numbers.every((one): one is string => typeof one === "string" && isE164(one))) throw new BadRequest("numbers: a list of numbers in E.164.");
  return { auth_token: token, numbers };
}

/** Who may come in, and whose number is whose. */
export class Accounts {
  /** AuthToken by AccountSid. */
  readonly tokens: Map<string, string>;
  readonly #first: ReadonlyMap<string, string>;
  readonly #ownerOf = new Map<string, string>();

  constructor(tokens: ReadonlyMap<string, string>) {
    this.#first = tokens;
    this.tokens = new Map(tokens);
  }

  put(sid: string, { auth_token, numbers }: NewAccount): void {
    this.tokens.set(sid, auth_token);
    for (const [number, owner] of this.#ownerOf) if (owner === sid) this.#ownerOf.delete(number);
    for (const number of numbers) this.#ownerOf.set(number, sid);
  }

  /** An account that was given no numbers has all that no other account was given. */
  owns(sid: string, number: string): boolean {
    const owner = this.#ownerOf.get(number);
    return owner === undefined ? ![...this.#ownerOf.values()].includes(sid) : owner === sid;
  }

  numbersOf(sid: string): string[] {
    return [...this.#ownerOf].filter(([, owner]) => owner === sid).map(([number]) => number);
  }

  reset(): void {
    this.tokens.clear();
    for (const [sid, token] of this.#first) this.tokens.set(sid, token);
    this.#ownerOf.clear();
  }
}

/** Numbers of an account. `PhoneNumber=` filters by the whole number here; Twilio also takes parts of one. */
export function numberRoutes(accounts: Accounts): readonly ApiRoute[] {
  function list({ accountSid, query, exchange }: ApiCall): Reply {
    const asked = query.get("PhoneNumber");
    const found = asked === null ? accounts.numbersOf(accountSid) : accounts.owns(accountSid, asked) ? [asked] : [];
    const resource = (number: string): unknown => ({
      sid: `PN${Buffer.from(number).toString("hex").padEnd(32, "0").slice(0, 32)}`,
      account_sid: accountSid,
      phone_number: number,
      friendly_name: number,
      // Nobody has set what it does with what comes in.
      voice_url: "",
      sms_url: "",
      capabilities: { voice: true, sms: true, mms: false },
      status: "in-use",
    });
    return { status: 200, body: pageOf("incoming_phone_numbers", found, resource, exchange.url) };
  }
  return [{ methods: ["GET"], path: /^\/IncomingPhoneNumbers\.json$/, target: "reads", handle: list }];
}
