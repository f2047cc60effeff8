import ipaddr from "ipaddr.js";

/** In public ranges and still nobody's public server: Azure's wire server, which hands out a machine's secrets. */
const METADATA_IN_PUBLIC_RANGES = new Set(["168.63.129.16"]);
/** Everything that IANA has given out for the public internet so far (RFC 4291 2.4). */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR("2000::/3");
/** ISATAP (RFC 5214) carries an IPv4 address, private ones too, in the last 32 bits of any prefix. */
const isIsatap = ({ parts }: ipaddr.IPv6): boolean => (parts[4] === 0 || parts[4] === 0x200) && parts[5] === 0x5efe;

/**
 * Whether an address is somebody's on the public internet. Only `unicast` passes: loopback, private, link-local, CGNAT,
 * multicast, documentation, NAT64, 6to4, Teredo … do not, and a v4-mapped address is judged as the v4 address that it is.
 * @param address IPv4 or IPv6, without brackets; anything else is not public
 */
export const isPublicAddress = (address: string): boolean => {
  if (!ipaddr.isValid(address) || address.includes("%")) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== "unicast") return false;
  if (parsed instanceof ipaddr.IPv6) return parsed.match(GLOBAL_UNICAST) && !isIsatap(parsed);
  return !METADATA_IN_PUBLIC_RANGES.has(parsed.toString());
};
