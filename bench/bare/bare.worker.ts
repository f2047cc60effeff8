import type { D1Database, ExecutionContext } from "@cloudflare/workers-types";

interface BareEnv {
  DB: D1Database;
  TWILIO_API_BASE_URL: string;
  TWILIO_ACCOUNT_SID: string;
  TWILIO_AUTH_TOKEN: string;
  TWILIO_PHONE_NUMBER: string;
  PUBLIC_API_URL: string;
}

/** A form like the product's dial, so that both send the stand-in as much and it has as much to do. */
const dial = async (env: BareEnv, leadId: string, owner: string): Promise<void> => {
  const callback = (path: string): string => `${env.PUBLIC_API_URL}/api/voice/${path}?tenant=bare&project=bare&lead=${leadId}&call=bare&leg=bare`;
  const response = await fetch(`${env.TWILIO_API_BASE_URL}/2010-04-01/Accounts/${env.TWILIO_ACCOUNT_SID}/Calls.json`, {
    method: "POST",
    headers: { Authorization: `Basic ${btoa(`${env.TWILIO_ACCOUNT_SID}:${env.TWILIO_AUTH_TOKEN}`)}`, Accept: "application/json" },
    body: new URLSearchParams({ To: owner, From: env.TWILIO_PHONE_NUMBER, Url: callback("whisper"), Method: "POST", StatusCallback: callback("status"), StatusCallbackMethod: "POST", Timeout: "25", TimeLimit: "7200" }),
  });
  await response.text();
};

/**
 * One durable row, then one request, and nothing else: no key, no duplicate check, no audit, no gate, no lease, no retry. The
 * request begins as the answer goes out, which is where the product begins its own: a form that waited for Twilio would
 * flatter nobody, and a dial that did not wait for the row could lose the lead.
 */
export default {
  async fetch(request: Request, env: BareEnv, ctx: ExecutionContext): Promise<Response> {
    const url = new URL(request.url);
    if (request.method !== "POST") return new Response("bare");
    const form = Object.fromEntries(new URLSearchParams(await request.text()));
    const id = `ent_${crypto.randomUUID()}`;
    const now = Date.now();
    const phone = form["your-tel"] ?? "";
    await env.DB.prepare("INSERT INTO leads (id, tenant_id, project_id, entity_type, name, primary_contact, metadata, created_at, updated_at) VALUES (?1, 'bare', ?2, 'lead', ?3, ?4, ?5, ?6, ?6)")
      .bind(id, url.searchParams.get("project_id"), form["your-name"] ?? "", phone, JSON.stringify({ status: "new", source: "wordpress", phone, raw_payload: form }), now)
      .run();
    ctx.waitUntil(dial(env, id, url.searchParams.get("owner") ?? phone));
    return Response.json({ lead_id: id, status: "accepted" });
  },
};
