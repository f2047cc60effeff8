import "./database.ts";
import { env, exports } from "cloudflare:workers";
import { getExpectedTwilioSignature } from "twilio/lib/webhooks/webhooks.js";
import { z } from "zod";

/** The Worker as its clients see it. */
export const request = async (path: string, init: RequestInit = {}): Promise<Response> => exports.default.fetch(new Request(`https://apex.test${path}`, init));

const sessionSchema = z.object({ token: z.string(), tenant_id: z.string() });
const webhooksSchema = z.object({ google_ads: z.object({ key: z.string() }), wordpress: z.object({ key: z.string() }) });

let counter = 0;
/** Fresh in every test: storage is shared within a file. */
export const fresh = (prefix: string): string => `${prefix}_${++counter}`;

export const signUp = async (): Promise<{ token: string; tenant_id: string; email: string }> => {
  const email = `${fresh("person")}@example.nz`;
  const response = await request("/api/auth/signup", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ email, password: "correct horse battery" }) });
  return { ...sessionSchema.parse(await response.json()), email };
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
