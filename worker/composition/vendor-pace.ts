import { VENDOR_LIMITS } from "../../core/providers/vendor-limits.data.ts";
import { sleep } from "../../core/wait.ts";
import { createVendorPace, type VendorPace } from "../../durable/rate-limiter/vendor-pace.client.ts";
import type { Settings } from "../env.ts";
import type { objectsOf } from "./bindings.ts";

/** The desks of the vendors that all tenants share. */
export const vendorPaceOf = (settings: Settings, { rateLimiters }: Pick<ReturnType<typeof objectsOf>, "rateLimiters">): VendorPace => {
  const osmLimit = { every_ms: settings.OSM_INTERVAL_MS };
  // The browser's pace is Cloudflare's, and mail's Resend's: a developer's own browser and the sandbox have none.
  const unpaced = settings.APEX_ENV === "local" ? { every_ms: 0 } : {};
  const limits = { ...VENDOR_LIMITS, browser: { ...VENDOR_LIMITS.browser, ...unpaced }, resend: { ...VENDOR_LIMITS.resend, ...unpaced }, nominatim: { ...VENDOR_LIMITS.nominatim, ...osmLimit }, overpass: { ...VENDOR_LIMITS.overpass, ...osmLimit } };
  return createVendorPace({ namespace: rateLimiters, limits, wait: sleep, random: Math.random });
};
