import ipaddr from "ipaddr.js";
import { AppError } from "../../errors.ts";
import { isPublicAddress } from "./addresses.ts";

/*
 * The one guard for addresses that tenants give us: websites, WordPress, webhooks out, images. This part judges the text
 * alone; `resolve.ts` looks names up, `fetch.ts` does both for each redirect, `browser-rules.ts` for each request of a page.
 */

const MAX_URL_LENGTH = 2048;
/** What websites are served on. Mail, databases and the like speak protocols that an HTTP request can be smuggled into. */
const PORTS = new Set(["", "80", "443", "8080", "8443"]);
/** Never public (RFC 6761, 6762, 7686, 8375, ICANN's .internal), and names that people's routers answer to. */
const PRIVATE_SUFFIXES = ["localhost", "local", "internal", "home.arpa", "lan", "home", "corp", "intranet", "private", "onion", "invalid"];
/** Services whose names say which address they stand for, or that stand for 127.0.0.1. */
const ADDRESS_IN_NAME = ["nip.io", "sslip.io", "xip.io", "localtest.me", "lvh.me", "vcap.me", "lacolhost.com", "traefik.me"];

export type UrlRefusal = "not_a_url" | "scheme" | "userinfo" | "port" | "host" | "address";

/** 422 for whoever gave the address; `detail` names no more than they said. */
export class UrlRefused extends AppError {
  readonly reason: UrlRefusal;
  constructor(reason: UrlRefusal, message: string) {
    super({ code: "url_refused", status: 422, message, errors: [{ path: "url", message }] });
    this.name = "UrlRefused";
    this.reason = reason;
  }
}

export interface GuardOptions {
  /** `host:port` pairs that may be reached although they are private: a developer's own machine (`EGRESS_ALLOW_HOSTS`). */
  allowHosts: readonly string[];
}

export interface CheckedUrl {
  url: URL;
  /** A name that is to be resolved; null when the host is an address, or allowed as it is. */
  name: string | null;
  /** Named by the settings: on a developer's machine, where nobody listens in on plain http. */
  isAllowListed: boolean;
}

const DEFAULT_PORTS: Record<string, string> = { "http:": "80", "https:": "443" };

/** `EGRESS_ALLOW_HOSTS`: `host:port`, separated by commas. */
export const parseAllowHosts = (list: string): string[] => list.split(",").map((item) => item.trim().toLowerCase()).filter((item) => item !== "");

const endsIn = (host: string, suffixes: readonly string[]): boolean => suffixes.some((suffix) => host === suffix || host.endsWith(`.${suffix}`));

/**
 * Judges an address by its text. The URL parser has by then undone every spelling: decimal, octal and hexadecimal numbers,
 * short forms, full-width digits and dots, percent-encoding, punycode.
 * @throws UrlRefused
 */
export const checkUrl = (given: string, { allowHosts }: GuardOptions): CheckedUrl => {
  // The parser would drop tabs and line breaks silently; nobody types them on purpose.
  if (given.length > MAX_URL_LENGTH || /[\u0000-\u0020\u007F\\]/.test(given) || !URL.canParse(given)) throw new UrlRefused("not_a_url", "must be a web address");
  const url = new URL(given);
  if (url.protocol !== "http:" && url.protocol !== "https:") throw new UrlRefused("scheme", "must begin with https:// or http://");
  if (url.username !== "" || url.password !== "" || /^[a-z]+:\/*[^/?#]*@/i.test(given)) throw new UrlRefused("userinfo", "must not hold a user name or password");
  const host = url.hostname.toLowerCase().replace(/\.+$/, "");
  if (allowHosts.includes(`${host}:${url.port === "" ? (DEFAULT_PORTS[url.protocol] ?? "") : url.port}`)) return { url, name: null, isAllowListed: true };
  if (!PORTS.has(url.port)) throw new UrlRefused("port", "must use port 80, 443, 8080 or 8443");
  const address = host.startsWith("[") ? host.slice(1, -1) : host;
  if (ipaddr.isValid(address)) {
    if (!isPublicAddress(address)) throw new UrlRefused("address", "must be on the public internet");
    return { url, name: null, isAllowListed: false };
  }
  if (host.startsWith("[")) throw new UrlRefused("address", "must be on the public internet");
  const labels = host.split(".");
  const wellFormed = labels.length > 1 && host.length <= 253 && labels.every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label));
  if (!wellFormed || /^\d+$/.test(labels.at(-1) ?? "")) throw new UrlRefused("host", "must name a host on the public internet");
  if (endsIn(host, PRIVATE_SUFFIXES) || endsIn(host, ADDRESS_IN_NAME)) throw new UrlRefused("host", "must name a host on the public internet");
  return { url, name: host, isAllowListed: false };
};
