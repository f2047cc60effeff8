import { counting, inBrowser, nobodyWaits } from "../../core/observe/activity.ts";
import type { AgentTools } from "../../agents/tools.ts";
import type { Clock } from "../../core/clock.ts";
import { createPageRenderer } from "../../core/providers/browser/renderer.ts";
import { createImageResizer } from "../../core/providers/browser/resize.ts";
import { createScreenshotTaker } from "../../core/providers/browser/screenshot.ts";
import { createGooglePlaces } from "../../core/providers/google-places/google-places.client.ts";
import { createOsmCache } from "../../core/providers/osm/osm.cache.ts";
import { createOsmClient } from "../../core/providers/osm/osm.client.ts";
import { createOsmHttp } from "../../core/providers/osm/osm.http.ts";
import type { Admit } from "../../core/providers/pace.ts";
import type { Egress } from "../../core/security/egress/egress.ts";
import { createHostTurns } from "../../durable/rate-limiter/host-turns.client.ts";
import type { VendorPace } from "../../durable/rate-limiter/vendor-pace.client.ts";
import type { Settings } from "../env.ts";
import type { objectsOf } from "./bindings.ts";

/** An hour of audio over a slow line. */
const RECORDING_LASTS_MS = 600_000;

interface Parts {
  env: Pick<Cloudflare.Env, "BROWSER" | "STORAGE">;
  settings: Settings;
  clock: Clock;
  egress: Egress;
  rateLimiters: ReturnType<typeof objectsOf>["rateLimiters"];
  vendors: VendorPace;
}

/** Vendors whose patience all tenants share: each is asked through a desk that keeps its pace. */
export const createVendorDoors = ({ env, settings, clock, egress, rateLimiters, vendors }: Parts) => {
  const openPage = createPageRenderer({ binding: env.BROWSER, check: egress.check });
  const renderPage: typeof openPage = async (...asked) => vendors.occupy("browser", async () => inBrowser(async () => openPage(...asked)));
  const osmHttp = (service: "nominatim" | "overpass") => createOsmHttp({ pace: { during: async (request) => vendors.occupy(service, request), hold: async (ms) => vendors.hold(service, ms) }, userAgent: `Apex/0.1 (+${settings.PUBLIC_API_URL})`, fetch: counting(service, async (input, init) => fetch(input, init)) });
  const shoot = createScreenshotTaker({ binding: env.BROWSER });
  const takeScreenshot: typeof shoot = async (...asked) => vendors.occupy("browser", async () => inBrowser(async () => shoot(...asked)));
  const resizer = createImageResizer({ binding: env.BROWSER });
  const resizeImage: typeof resizer = async (...asked) => vendors.occupy("browser", async () => inBrowser(async () => resizer(...asked)));
  const osm = createOsmClient({ nominatim: osmHttp("nominatim"), overpass: osmHttp("overpass"), urls: { nominatim: settings.NOMINATIM_API_URL, overpass: settings.OVERPASS_API_URL }, cache: createOsmCache({ bucket: env.STORAGE, clock }) });
  const places = settings.GOOGLE_PLACES_API_KEY === "" ? null : createGooglePlaces({ baseUrl: settings.GOOGLE_PLACES_API_URL, apiKey: settings.GOOGLE_PLACES_API_KEY, fetch: counting("google_places", async (input, init) => fetch(input, init)), admit: async (search) => vendors.occupy("google_places", search) });
  const admitToModels: Admit = async (request, asked) => vendors.occupy("gemini", request, { ...asked, givesWay: nobodyWaits() });
  /** Of the service's own account; what tenants have brought is theirs. */
  const admitRecording: AgentTools["admitRecording"] = async (call, fetchIt) => (call.account_sid === null ? vendors.occupy("twilio_recordings", fetchIt, { lastsMs: RECORDING_LASTS_MS }) : fetchIt());
  return { admitRecording, admitToModels, pace: vendors.pace, renderPage, takeScreenshot, resizeImage, osm, places, turnAt: createHostTurns({ namespace: rateLimiters }) };
};
