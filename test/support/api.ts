import "./database.ts";
import { env, exports } from "cloudflare:workers";
import { getExpectedTwilioSignature } from "twilio/lib/webhooks/webhooks.js";
import { z } from "zod";
import { createClock } from "../../core/clock.ts";
import { createMemory } from "../../core/memory/memory.ts";
import { newRefreshToken } from "../../core/security/refresh-tokens.ts";
import { issueAccessToken } from "../../core/security/tokens.ts";

/** The Worker as its clients see it. */
export const request = async (path: string, init: RequestInit = {}): Promise<Response> => exports.default.fetch(new Request(`https://apex.test${path}`, init));

const webhooksSchema = z.object({ google_ads: z.object({ key: z.string() }), wordpress: z.object({ key: z.string() }) });

let counter = 0;
/** Fresh in every test: storage is shared within a file. */
export const fresh = (prefix: string): string => `${prefix}_${++counter}`;

/** Of "correct horse battery": to hash it anew takes a quarter of a second. */
const PASSWORD_HASH = "$scrypt$ln=14,r=8,p=5$YSBzYWx0IGZvciB0ZXN0cw$2BdRwsNRtMSN1B6hnECXM7ncVes/gWlnq/hNsKZG18M";

/** A tenant and its owner, signed in, as `POST /api/auth/signup` leaves them, but for the mail. */
export const signUp = async (): Promise<{ token: string; tenant_id: string; email: string }> => {
  const email = `${fresh("person")}@example.nz`;
  const clock = createClock();
  const memory = createMemory({ d1: env.DB, clock });
  const { id: user_id, tenant_id, role } = await memory.directory.signUp({ email, name: email.split("@")[0] ?? email, password_hash: PASSWORD_HASH }, { ip: null, request_id: null });
  const session = await memory.for(tenant_id, { actor: `user:${user_id}`, ip: null, request_id: null }).sessions.open(user_id, newRefreshToken(), { ip: null, user_agent: null });
  const { token } = await issueAccessToken({ session_id: session.id, user_id, tenant_id, role }, { secret: env.APEX_JWT_SECRET, now: clock.now(), ttlS: 900 });
  return { token, tenant_id, email };
};

export const asUser =
  (token: string) =>
  async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    request(path, {
      method,
      headers: { Authorization: `Bearer ${token}`, ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });

export interface TestProject {
  id: string;
  tenant_id: string;
  token: string;
  api: ReturnType<typeof asUser>;
  keys: { google_ads: string; wordpress: string };
  owner: string;
}

let owners = 1000;

/** A business with one owner to ring, unless `dna` says otherwise. */
export const makeProject = async (dna?: string): Promise<TestProject> => {
  const { token, tenant_id } = await signUp();
  const api = asUser(token);
  const id = fresh("project");
  const owner = /destination_phone: "(\+\d+)"/.exec(dna ?? "")?.[1] ?? `+6421100${++owners}`;
  await api("POST", "/api/projects", { project_id: id, name: "Acme Plumbing", country: "NZ" });
  await api("PUT", `/api/projects/${id}/dna/custom`, dna ?? `modules: {lead_gen: {sales_bridge: {destination_phone: "${owner}"}}}`, { "Content-Type": "application/yaml" });
  const keys = webhooksSchema.parse(await (await api("GET", `/api/projects/${id}/webhooks`)).json());
  return { id, tenant_id, token, api, keys: { google_ads: keys.google_ads.key, wordpress: keys.wordpress.key }, owner };
};

export const postForm = async (project: TestProject, fields: Record<string, unknown>): Promise<Response> =>
  request(`/api/webhooks/wordpress?project_id=${project.id}&key=${project.keys.wordpress}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(fields) });

/** A callback as Twilio would make it: signed over the public address, without the fragment that tells Twilio how often to try. */
export const fromTwilio = async (address: string, form: Record<string, string>, token: string = env.TWILIO_AUTH_TOKEN): Promise<Response> => {
  const [url = ""] = address.split("#");
  return request(url.replace("https://apex.test", ""), {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": getExpectedTwilioSignature(token, url, form) },
    body: new URLSearchParams(form).toString(),
  });
};
