import { sha256Hex } from "../security/constant-time.ts";

/** RFC 1123: labels of letters, digits and dashes, at least two of them, and a last one that is no number (so no address). */
const HOST = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

export const isHostName = (text: string): boolean => HOST.test(text);

/** Of a request: lower case, without port and the dot that may end it. */
export const hostOf = (url: URL): string => url.hostname.toLowerCase().replace(/\.$/, "");

export const isBelow = (host: string, suffix: string): boolean => host.endsWith(`.${suffix}`);

/** Names that people would take for ours, or that mail and certificates look for. */
const RESERVED = /^(?:www\d*|api|app|admin|administrator|apex|dashboard|docs|mail|smtp|imap|mx\d*|ns\d*|ftp|cdn|static|assets|status|support|help|billing|login|account|accounts|auth|security|root|postmaster|webmaster|hostmaster|abuse|localhost|autodiscover|autoconfig|wpad|xn--.*|.*--.*)$/;

const short = (text: string): string => sha256Hex(text).slice(0, 6);

/**
 * A label that a project's name makes below our suffix, and another that no other project's does, for when the first is taken. Ids may
 * hold capitals and underscores, which host names do not.
 */
export const labelsOf = (projectId: string): [wished: string, sure: string] => {
  const label = projectId.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-+|-+$/g, "").slice(0, 50).replace(/-+$/, "");
  const sure = `${label === "" ? "site" : label}-${short(projectId)}`;
  return [label === "" || RESERVED.test(label) || !/[a-z]/.test(label) ? sure : label, sure];
};

/** Whether a project may choose the label for itself. */
export const mayBeChosen = (label: string): boolean => /^[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?$/.test(label) && /[a-z]/.test(label) && !RESERVED.test(label);
