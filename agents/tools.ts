import type { Clock } from "../core/clock.ts";
import type { Line } from "../core/contact/line.ts";
import type { ErasedMarks } from "../core/memory/backup/erased.ts";
import type { Project } from "../core/memory/projects.store.ts";
import type { DnaEditor } from "../core/dna/editor.ts";
import type { DnaLoader } from "../core/dna/loader.ts";
import type { Enqueued } from "../core/kernel/jobs.ts";
import type { ContextKeeper } from "../core/memory/context/brand-context.ts";
import type { SimilarTexts } from "../core/memory/similar/similar-texts.ts";
import type { GeminiGateway } from "../core/providers/gemini/gateway.ts";
import type { GooglePlaces } from "../core/providers/google-places/google-places.client.ts";
import type { OsmClient } from "../core/providers/osm/osm.client.ts";
import type { TwilioClient } from "../core/providers/twilio/twilio.client.ts";
import type { TenantMemory } from "../core/memory/memory.ts";
import type { ConsentGate } from "../core/security/consent/consent.types.ts";
import type { Egress } from "../core/security/egress/egress.ts";
import type { Vault } from "../core/security/vault.ts";
import type { ResizeImage } from "../core/providers/browser/resize.ts";
import type { TakeScreenshot } from "../core/providers/browser/screenshot.ts";
import type { RenderPage } from "../core/web/crawl.ts";
import type { RecordingsStore } from "../core/recordings/recordings.store.ts";
import type { BridgeCallClient } from "../durable/bridge-call/bridge-call.client.ts";
import type { HostTurns } from "../durable/rate-limiter/host-turns.client.ts";
import type { VendorPace } from "../durable/rate-limiter/vendor-pace.client.ts";
import type { Hosting } from "./pseo/hosted/hosting.ts";
import type { CheckpointBucket } from "./onboarding/checkpoints.ts";

/** What agents may reach. The composition root hands it over; no agent sees `env`. */
export interface AgentTools {
  clock: Clock;
  bridgeCalls: BridgeCallClient;
  /** The Twilio account that a tenant's call or text was made with; null: the service's own. */
  twilioOf: (tenantId: string, accountSid: string | null) => TwilioClient;
  /** A tenant's way to the models, within its budget and booked on a project (null: none yet) and a run. */
  gatewayOf: (memory: TenantMemory, projectId: string | null, runId: string) => GeminiGateway;
  /** Resolves when the caller may send one request to a vendor that all tenants share; see `VendorPace`. */
  pace: VendorPace["pace"];
  recordings: RecordingsStore;
  /** Fetches a call's recording once there is room at Twilio, whose account all tenants share. @throws AppError `vendor_busy` (retryable), and what fetching throws */
  admitRecording: <T>(call: { account_sid: string | null }, fetchIt: () => Promise<T>) => Promise<T>;
  /** The consent gate of a tenant: asked before anybody is contacted. */
  gateOf: (memory: TenantMemory) => ConsentGate;
  /** What a tenant knows, searchable by meaning. */
  contextOf: (memory: TenantMemory) => ContextKeeper;
  /** Which of a tenant's leads, or pages, say nearly the same. */
  similarOf: (memory: TenantMemory) => SimilarTexts;
  /** Public map data, at the pace that its services allow all of us together. */
  osm: OsmClient;
  /** Google Places; null: the service has no key for it. */
  places: GooglePlaces | null;
  storage: CheckpointBucket & Pick<R2Bucket, "head">;
  /** Whoever is erased goes out of the backups too, and does not come back with one. */
  erasedMarks: ErasedMarks;
  /** Where hosted pages are served. */
  hosting: Hosting;
  vault: Vault;
  /** Google's addresses for Search Console: trusted, from our settings. */
  searchConsole: { baseUrl: string; tokenUrl: string; fetch: (input: string, init: RequestInit) => Promise<Response> };
  egress: Egress;
  /** Opens a page in the browser; every request of it passes the guard. */
  renderPage: RenderPage;
  /** Turns at strangers' hosts, for all tenants together. */
  turnAt: HostTurns;
  /** A picture of a document of our own. */
  takeScreenshot: TakeScreenshot;
  /** Narrower copies of a photo. */
  resizeImage: ResizeImage;
  dna: DnaLoader;
  dnaEditor: DnaEditor;
  /** Takes a phone (E.164) out of what the tenant's caps remember. */
  forgetContact: (tenantId: string, phone: string) => Promise<void>;
  /** Where a project's texts come from. */
  lineOf: (project: Project) => Line;
  publicUrl: string;
  /** Where a lead can be looked at without a login. */
  cardLink: (address: { tenant_id: string; lead_id: string }) => string;
  /** Queues a run that is written down. Best effort: what the queue does not take, the sweep finds. */
  enqueue: (run: Enqueued, delayMs?: number) => Promise<void>;
  /** Begins to send what is due at a tenant's webhook endpoints. Best effort: the sweep looks too. */
  openCouriers: (memory: TenantMemory) => Promise<void>;
  /** 0 ≤ x < 1; spreads what failed together. */
  random: () => number;
}
