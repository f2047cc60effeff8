import type { SiteFrame } from "../../agents/pseo/hosted/document.ts";
import type { HostedSite } from "../../core/memory/hosting.directory.ts";
import type { TenantMemory } from "../../core/memory/memory.ts";
import type { Services } from "../services.ts";

/** One request to a hosted site, once it is known whose it is. */
export interface Visit {
  request: Request;
  url: URL;
  /** As the request names it: one of the project's. */
  host: string;
  /** Where the project's pages live: scheme, host and port of its first name. */
  origin: string;
  site: HostedSite;
  services: Services;
  memory: TenantMemory;
  requestId: string;
  waitUntil: (work: Promise<unknown>) => void;
  /** Of the site, for what is no page of its. */
  frame: () => Promise<SiteFrame>;
  /** For a form that is shown now. */
  formTime: () => string;
}
