import { env } from "cloudflare:workers";
import { z } from "zod";
import { request } from "./api.ts";

/* Signing in as clients do it. */

export const PASSWORD = "correct horse battery";

export const sessionSchema = z.object({
  token: z.string(),
  expires_at: z.iso.datetime(),
  refresh_token: z.string().nullable(),
  refresh_expires_at: z.iso.datetime(),
  user: z.object({ id: z.string(), email: z.string(), email_verified_at: z.string().nullable() }),
  tenant_id: z.string(),
});
export type Session = z.infer<typeof sessionSchema>;

export const post = async (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  request(path, { method: "POST", headers: { "Content-Type": "application/json", ...headers }, body: JSON.stringify(body) });

export const sessionOf = async (response: Response): Promise<Session> => sessionSchema.parse(await response.json());

export const signIn = async (email: string, password = PASSWORD): Promise<Session> => sessionOf(await post("/api/auth/login", { email, password }));

/** Actions in a tenant's audit log, oldest first, straight from the table. */
export const auditOf = async (tenantId: string): Promise<{ action: string; actor: string; resource: string; details: string }[]> =>
  (await env.DB.prepare("SELECT action, actor, resource, details FROM audit WHERE tenant_id = ? ORDER BY rowid").bind(tenantId).all<{ action: string; actor: string; resource: string; details: string }>()).results;
