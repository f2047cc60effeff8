/** How gently a vendor that all tenants share wants to be asked. */
export interface VendorLimit {
  /** At least so many milliseconds lie between two requests, over all tenants; 0: no matter. */
  every_ms: number;
  /** So many may be under way at once, over all tenants; null: any number. */
  at_once: number | null;
}

export const VENDOR_LIMITS = {
  // operations.osmfoundation.org/policies/nominatim: an absolute maximum of one request a second.
  nominatim: { every_ms: 1000, at_once: null },
  // Two slots an address on the public servers (wiki.openstreetmap.org/wiki/Overpass_API), and no hurry.
  overpass: { every_ms: 1000, at_once: 2 },
  // developers.cloudflare.com/browser-rendering/limits, paid plan: 30 browsers at a time of an account, 30 new ones a minute. Regions share the account.
  browser: { every_ms: 2000, at_once: 10 },
} as const satisfies Record<string, VendorLimit>;

export type Vendor = keyof typeof VENDOR_LIMITS;
