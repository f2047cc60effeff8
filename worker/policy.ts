import type { Scope } from "../core/security/scopes.ts";

/*
 * Who may do what: the one table. `requires()` enforces what it says of its own route, docs/permissions.md is printed from it
 * (`npm run permissions`), and tests walk it: a route that is not in it fails, and so does a line without a route. Nothing
 * here looks anything up, so that the script that prints it needs no Worker.
 */

/**
 * `public`: anybody, within their throttles. `vendor`: whoever shows a project's key or Twilio's signature. `operator`: the
 * operator's secret. `signed-in`: whoever is of a tenant. A scope: who has it, by their role or their key.
 */
export type Access = "public" | "vendor" | "operator" | "signed-in" | Scope;

export interface Policy {
  access: Access;
  /**
   * What may ask, where `access` needs a token: `any` a person's session or an API key; `people` a session only, since it is
   * about sessions, passwords, members and new keys, which a leaked key must not reach; `owners` an owner's session.
   */
  by: "any" | "people" | "owners";
}

const any = (access: Access): Policy => ({ access, by: "any" });
const people = (access: Access): Policy => ({ access, by: "people" });
const owners: Policy = { access: "admin", by: "owners" };

/** `METHOD /path`, as the OpenAPI document spells it. */
export const POLICIES: Readonly<Record<string, Policy>> = {
  "GET /health": any("public"),
  "GET /docs": any("public"),
  "GET /openapi.json": any("public"),
  "GET /api/schemas/dna.json": any("public"),
  "GET /downloads/apex-pages.php": any("public"),
  // The link is the key: it names one lead, is sealed, and ends.
  "GET /l/{token}": any("public"),

  "POST /api/auth/signup": any("public"),
  "POST /api/auth/login": any("public"),
  "POST /api/auth/refresh": any("public"),
  "POST /api/auth/verify": any("public"),
  "POST /api/auth/password/forgot": any("public"),
  "POST /api/auth/password/reset": any("public"),
  "POST /api/auth/accept-invitation": any("public"),
  "GET /api/auth/me": any("signed-in"),
  "POST /api/auth/verify/resend": people("signed-in"),
  "POST /api/auth/password": people("signed-in"),
  "POST /api/auth/logout": people("signed-in"),
  "GET /api/auth/sessions": people("signed-in"),
  "DELETE /api/auth/sessions/{id}": people("signed-in"),

  "GET /api/members": people("admin"),
  "PATCH /api/members/{id}": people("admin"),
  "DELETE /api/members/{id}": people("admin"),
  "POST /api/invitations": people("admin"),
  "GET /api/invitations": people("admin"),
  "DELETE /api/invitations/{id}": people("admin"),
  "POST /api/api-keys": people("admin"),
  "GET /api/api-keys": any("admin"),
  "DELETE /api/api-keys/{id}": any("admin"),

  "POST /api/projects": any("dna:write"),
  "GET /api/live": any("leads:read"),

  "GET /api/projects": any("leads:read"),
  "GET /api/projects/{project_id}": any("leads:read"),
  "GET /api/projects/{project_id}/webhooks": any("admin"),
  "POST /api/projects/{project_id}/webhooks/rotate": any("admin"),
  "GET /api/projects/{project_id}/secrets/wordpress": any("admin"),
  "PUT /api/projects/{project_id}/secrets/wordpress": any("admin"),
  "GET /api/projects/{project_id}/secrets/search-console": any("admin"),
  "PUT /api/projects/{project_id}/secrets/search-console": any("admin"),
  "GET /api/projects/{project_id}/secrets/webhook-signing": any("admin"),
  "PUT /api/projects/{project_id}/secrets/webhook-signing": any("admin"),
  "DELETE /api/projects/{project_id}/secrets/webhook-signing": any("admin"),
  "GET /api/projects/{project_id}/connections": any("leads:read"),
  "POST /api/projects/{project_id}/connections/{connection}/check": any("admin"),
  "GET /api/projects/{project_id}/numbers": any("admin"),
  "PUT /api/projects/{project_id}/numbers/{phone_number}": any("admin"),
  "DELETE /api/projects/{project_id}/numbers/{phone_number}": any("admin"),
  "GET /api/projects/{project_id}/destinations": any("leads:read"),
  "POST /api/projects/{project_id}/destinations/{phone}/verify": any("admin"),
  "POST /api/projects/{project_id}/destinations/{phone}/confirm": any("admin"),
  "GET /api/projects/{project_id}/blocklist": any("leads:read"),
  "GET /api/projects/{project_id}/blocklist/{phone_number}": any("leads:read"),
  "PUT /api/projects/{project_id}/blocklist/{phone_number}": any("leads:write"),
  "DELETE /api/projects/{project_id}/blocklist/{phone_number}": any("leads:write"),
  "GET /api/projects/{project_id}/hosts": any("leads:read"),
  "PUT /api/projects/{project_id}/hosts/{host}": any("admin"),
  "POST /api/projects/{project_id}/hosts/{host}/verify": any("admin"),
  "DELETE /api/projects/{project_id}/hosts/{host}": any("admin"),
  "GET /api/projects/{project_id}/photos/{id}": any("leads:read"),
  "POST /api/projects/{project_id}/photos": any("leads:write"),
  "DELETE /api/projects/{project_id}/photos/{id}": any("leads:write"),
  "GET /api/projects/{project_id}/dna": any("leads:read"),
  "GET /api/projects/{project_id}/dna/origins": any("leads:read"),
  "GET /api/projects/{project_id}/dna/custom": any("leads:read"),
  "PUT /api/projects/{project_id}/dna/custom": any("dna:write"),
  "PATCH /api/projects/{project_id}/dna/custom": any("dna:write"),
  "POST /api/projects/{project_id}/dna/custom/check": any("leads:read"),
  "POST /api/projects/{project_id}/dna/custom/restore": any("dna:write"),
  "GET /api/projects/{project_id}/dna/generated": any("leads:read"),
  "GET /api/projects/{project_id}/dna/{layer}/versions": any("leads:read"),
  "GET /api/projects/{project_id}/dna/{layer}/versions/{version}": any("leads:read"),
  "GET /api/projects/{project_id}/dna/{layer}/diff": any("leads:read"),
  "GET /api/projects/{project_id}/context": any("leads:read"),

  "GET /api/entities": any("leads:read"),
  "POST /api/entities": any("leads:write"),
  "POST /api/entities/import": any("leads:write"),
  "GET /api/entities/export": any("leads:read"),
  "GET /api/entities/{id}": any("leads:read"),
  "PATCH /api/entities/{id}": any("leads:write"),
  "DELETE /api/entities/{id}": any("leads:write"),
  "GET /api/entities/{id}/timeline": any("leads:read"),
  "GET /api/pages/{id}": any("leads:read"),
  "GET /api/pages/{id}/versions": any("leads:read"),
  "GET /api/pages/{id}/preview": any("leads:read"),
  "POST /api/pages/{id}/hold": any("leads:write"),
  "POST /api/pages/{id}/release": any("leads:write"),
  "POST /api/pages/{id}/approve": any("leads:write"),
  "POST /api/pages/{id}/rewrite": any("leads:write"),
  "GET /api/projects/{project_id}/pages": any("leads:read"),
  "GET /api/projects/{project_id}/pages/pipeline": any("leads:read"),
  "GET /api/messages": any("leads:read"),
  "GET /api/calls": any("calls:read"),
  "GET /api/calls/{id}": any("calls:read"),
  "GET /api/calls/{id}/recording": any("calls:read"),
  "DELETE /api/calls/{id}/recording": any("leads:write"),
  "GET /api/stats": any("leads:read"),
  "GET /api/projects/{project_id}/hunt": any("leads:read"),
  "GET /api/hunts/{id}": any("leads:read"),
  "GET /api/campaigns": any("leads:read"),
  "GET /api/campaigns/{id}": any("leads:read"),
  "GET /api/campaigns/{id}/recipients": any("leads:read"),
  "POST /api/campaigns/{id}/start": any("runs:write"),
  "POST /api/campaigns/{id}/pause": any("runs:write"),
  "POST /api/campaigns/{id}/resume": any("runs:write"),
  "POST /api/campaigns/{id}/stop": any("runs:write"),
  "GET /api/usage": any("leads:read"),
  "POST /api/run": any("runs:write"),
  "GET /api/runs": any("leads:read"),
  "GET /api/runs/{id}": any("leads:read"),
  "POST /api/runs/retry": any("runs:write"),
  "POST /api/runs/{id}/retry": any("runs:write"),
  "POST /api/runs/{id}/cancel": any("runs:write"),

  "GET /api/webhook-endpoints": any("admin"),
  "POST /api/webhook-endpoints": any("admin"),
  "GET /api/webhook-endpoints/{id}": any("admin"),
  "PATCH /api/webhook-endpoints/{id}": any("admin"),
  "DELETE /api/webhook-endpoints/{id}": any("admin"),
  "POST /api/webhook-endpoints/{id}/rotate-secret": any("admin"),
  "POST /api/webhook-endpoints/{id}/test": any("admin"),
  "GET /api/webhook-endpoints/{id}/deliveries": any("admin"),
  "POST /api/webhook-endpoints/{id}/replay": any("admin"),
  "GET /api/webhook-deliveries/{id}": any("admin"),
  "POST /api/webhook-deliveries/{id}/replay": any("admin"),

  "GET /api/audit": any("admin"),
  "GET /api/audit/verify": any("admin"),
  "POST /api/export": any("admin"),
  "GET /api/export/{id}": any("admin"),
  "DELETE /api/tenant": owners,

  "GET /api/operator/tenants": any("operator"),
  "POST /api/operator/tenants/{id}/suspend": any("operator"),
  "POST /api/operator/tenants/{id}/unsuspend": any("operator"),
  "POST /api/operator/tenants/{id}/plan": any("operator"),
  "POST /api/operator/vault/rotate": any("operator"),

  "POST /api/webhooks/google-ads": any("vendor"),
  "POST /api/webhooks/wordpress": any("vendor"),
  "POST /api/sms/incoming": any("vendor"),
  "POST /api/sms/status": any("vendor"),
  "POST /api/voice/incoming": any("vendor"),
  "POST /api/voice/whisper": any("vendor"),
  "POST /api/voice/connect": any("vendor"),
  "POST /api/voice/status": any("vendor"),
  "POST /api/voice/machine": any("vendor"),
  "POST /api/voice/taken": any("vendor"),
  "POST /api/voice/menu": any("vendor"),
  "POST /api/voice/menu-key": any("vendor"),
  "POST /api/voice/customer-status": any("vendor"),
  "POST /api/voice/customer-machine": any("vendor"),
  "POST /api/voice/notice": any("vendor"),
  "POST /api/voice/notice-done": any("vendor"),
  "POST /api/voice/parked": any("vendor"),
  "POST /api/voice/message": any("vendor"),
  "POST /api/voice/message-done": any("vendor"),
  "POST /api/voice/dial-done": any("vendor"),
  "POST /api/voice/caller-key": any("vendor"),
  "POST /api/voice/recording-status": any("vendor"),
  "POST /api/voice/transcription": any("vendor"),
};

/** As the router spells a route (`/api/runs/:id`), as the table does. */
export const operationOf = (method: string, routePath: string): string => `${method === "HEAD" ? "GET" : method} ${routePath.replaceAll(/:(\w+)/g, "{$1}")}`;
