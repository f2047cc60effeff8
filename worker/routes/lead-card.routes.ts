import { html } from "hono/html";
import { iso } from "../../core/clock.ts";
import { openCardLink } from "../../core/security/card-link.ts";
import { systemActor } from "../../core/memory/actor.ts";
import { createRouter } from "../router.ts";

/*
 * The page behind the link in a lead card: one lead, for whoever got the text. Its address is the key (core/security/card-link.ts),
 * so it is kept from caches, search engines and other sites. It only shows; looking at it changes nothing.
 */

const HEADERS = {
  "Content-Type": "text/html; charset=utf-8",
  "Cache-Control": "private, no-store",
  "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "Referrer-Policy": "no-referrer",
  "X-Robots-Tag": "noindex, nofollow",
  "X-Content-Type-Options": "nosniff",
};

const STYLE = `body{font:18px/1.5 system-ui,sans-serif;margin:0;background:#f4f5f7;color:#16202c}main{max-width:32rem;margin:0 auto;padding:1.25rem}
h1{font-size:1.5rem;margin:.25rem 0}p{margin:.5rem 0;white-space:pre-wrap;overflow-wrap:anywhere}small{color:#5a6675}
.card{background:#fff;border-radius:.75rem;padding:1rem 1.25rem;box-shadow:0 1px 3px #0002}
a{display:block;text-align:center;margin:.75rem 0;padding:.9rem;border-radius:.75rem;text-decoration:none;font-weight:600;background:#0a5;color:#fff}a.text{background:#e4e8ee;color:#16202c}`;

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

const summaryOf = (analysis: unknown): unknown => (typeof analysis === "object" && analysis !== null && "summary" in analysis ? analysis.summary : "");

const page = (title: string, body: unknown) => html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${title}</title><style>${STYLE}</style></head><body><main>${body}</main></body></html>`;

export const leadCardRoutes = createRouter();
leadCardRoutes.get("/l/:token", async (c) => {
  const { settings, clock, memory } = c.var.services;
  const address = openCardLink(c.req.param("token"), settings.APEX_JWT_SECRET, clock.now());
  const store = address && memory.for(address.tenant_id, systemActor("lead-card", c.var.requestId));
  const lead = address && store ? await store.entities.find(address.lead_id) : undefined;
  if (!lead || lead.entity_type !== "lead") return new Response(String(await page("Not found", html`<div class="card"><h1>This link has expired.</h1></div>`)), { status: 404, headers: HEADERS });
  const business = lead.project_id === null ? undefined : await store?.projects.find(lead.project_id);
  const { metadata } = lead;
  const phone = textOf(metadata.phone);
  const title = [lead.name, phone].find((text) => text !== "") ?? "Somebody without a number";
  const details = [metadata.service, metadata.place].map(textOf).filter((text) => text !== "").join(", ");
  // What they wrote, else what they said to the machine or on the phone.
  const words = [metadata.message, summaryOf(metadata.call_analysis), metadata.call_transcription].map(textOf).find((text) => text !== "") ?? "";
  const body = html`<div class="card"><small>${business?.name ?? "Lead"} · ${iso(lead.created_at).slice(0, 16).replace("T", " ")} UTC</small><h1>${title}</h1>
${details === "" ? "" : html`<p>${details}</p>`}${phone === "" || phone === title ? "" : html`<p>${phone}</p>`}${words === "" ? "" : html`<p>${words}</p>`}</div>
${phone === "" ? "" : html`<a href="tel:${phone}">Call</a><a class="text" href="sms:${phone}">Text</a>`}`;
  return new Response(String(await page(title, body)), { headers: HEADERS });
});
