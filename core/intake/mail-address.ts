/** What an address of ours begins with; behind it the project's key. */
const LOCAL_PART = /^hunt\+([a-z0-9]{20,64})$/;

/** Where a project's saved searches are forwarded to. */
export const huntAddress = (key: string, domain: string): string => `hunt+${key}@${domain}`;

/** The key in an address of ours; null for any other. Case does not matter, as mail keeps none. */
export const keyInAddress = (address: string): string | null => {
  const at = address.lastIndexOf("@");
  return LOCAL_PART.exec(address.slice(0, Math.max(0, at)).trim().toLowerCase())?.[1] ?? null;
};
