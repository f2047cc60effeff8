import { createExecutionContext, createMessageBatch, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { says } from "../core/providers/gemini/gemini.testing.ts";
import { asUser, fresh, signUp } from "../test/support/api.ts";
import { standInForTwilio, type TwilioWire } from "../test/support/twilio-wire.ts";
import worker from "./index.ts";

const POSTS = { posts: [{ title: "Tap drips", first_line: 1, last_line: 2, location: "Epsom", phone: null, posted: null, urgency: null }] };
const model = { answer: (): Response => Response.json(says(JSON.stringify(POSTS))), asked: 0 };

let twilio: TwilioWire;
beforeAll(() => {
  twilio = standInForTwilio(async (wire) => {
    const url = new URL(wire.url);
    if (url.pathname.endsWith(":batchEmbedContents")) {
      const { requests } = z.object({ requests: z.array(z.unknown()) }).parse(await wire.json());
      return Response.json({ embeddings: requests.map(() => ({ values: Array.from({ length: 768 }, (_, index) => (index === 0 ? 1 : 0)) })) });
    }
    if (url.origin !== "https://gemini.test") return undefined;
    model.asked += 1;
    return model.answer();
  });
});
afterAll(() => twilio.restore());
beforeEach(() => Object.assign(model, { asked: 0 }));

const webhooksSchema = z.looseObject({ hunt_mail: z.object({ address: z.string() }) });
const runsSchema = z.object({ items: z.array(z.looseObject({ id: z.string(), status: z.string(), error: z.unknown(), result: z.looseObject({ created: z.array(z.string()), subject: z.string().optional() }).nullable() })) });

const tenant = async () => {
  const { token, tenant_id } = await signUp();
  const api = asUser(token);
  const project_id = fresh("mail");
  await api("POST", "/api/projects", { project_id, name: "Kauri Plumbing", country: "NZ" });
  await api("PUT", `/api/projects/${project_id}/dna/custom`, "modules: {lead_gen: {sniper: {keywords: [tap]}}}", { "Content-Type": "application/yaml" });
  const addressOf = async (): Promise<string> => webhooksSchema.parse(await (await api("GET", `/api/projects/${project_id}/webhooks`)).json()).hunt_mail.address;
  const runs = async () => runsSchema.parse(await (await api("GET", "/api/runs?task=sniper_agent")).json()).items;
  const bring = async (): Promise<void> => {
    for (const { id } of await runs()) await worker.queue(createMessageBatch("apex-jobs", [{ id: crypto.randomUUID(), timestamp: new Date(), attempts: 1, body: { tenant_id, run_id: id } }]), env);
  };
  /** Every run until it is so far; the queue does the same behind us. */
  const work = async (isDone: (run: z.infer<typeof runsSchema>["items"][number]) => boolean = ({ status }) => status === "succeeded"): Promise<void> => {
    await vi.waitUntil(async () => {
      await bring();
      return (await runs()).every(isDone);
    }, { timeout: 25_000, interval: 5 });
  };
  const leads = async () => z.object({ items: z.array(z.looseObject({ name: z.string(), metadata: z.looseObject({}) })) }).parse(await (await api("GET", `/api/entities?type=lead&project_id=${project_id}`)).json()).items;
  return { api, project_id, addressOf, runs, work, leads };
};

const mime = (parts: { text?: string; html?: string; id?: string; received?: string; subject?: string }): string =>
  [
    ...(parts.received === undefined ? [] : [`Received: from ${parts.received}`]),
    "From: alerts@board.example", "To: owner@kauri.example", `Subject: ${parts.subject ?? "2 new posts for =?utf-8?Q?=22tap=22?="}`, `Message-ID: <${parts.id ?? "1@board.example"}>`, "MIME-Version: 1.0",
    'Content-Type: multipart/alternative; boundary="b"', "",
    ...(parts.text === undefined ? [] : ["--b", "Content-Type: text/plain; charset=utf-8", "", parts.text]),
    ...(parts.html === undefined ? [] : ["--b", "Content-Type: text/html; charset=utf-8", "Content-Transfer-Encoding: base64", "", btoa(parts.html)]),
    "--b--", "",
  ].join("\r\n");

/** A mail as Email Routing hands it over. @returns why it was rejected; null: it was taken */
const deliver = async (to: string, body: string | Uint8Array<ArrayBuffer>, rawSize?: number, where = env): Promise<string | null> => {
  let rejected: string | null = null;
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const sent = { messageId: "" };
  const raw = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(bytes);
      controller.close();
    },
  });
  const message: ForwardableEmailMessage = {
    from: "bounce@board.example", to, headers: new Headers(), raw, rawSize: rawSize ?? bytes.length,
    setReject: (reason) => void (rejected = reason),
    forward: async () => Promise.resolve(sent),
    reply: async () => Promise.resolve(sent),
  };
  const context = createExecutionContext();
  await worker.email(message, where);
  await waitOnExecutionContext(context);
  return rejected;
};

const TEASERS = '<p><a href="https://board.example/post/7?utm_source=mail">Tap drips</a></p><p>All night, in Epsom. Ring 021 555 6001</p>';

describe("a mail to a project's own address", () => {
  it("is read into leads, and the owner sees what it was about", async () => {
    const { addressOf, runs, work, leads } = await tenant();
    expect(await deliver(await addressOf(), mime({ text: "See the other part", html: TEASERS }))).toBeNull();
    await work();
    expect((await runs())[0]).toMatchObject({ status: "succeeded", result: { subject: '2 new posts for "tap"' } });
    expect((await leads()).map(({ name, metadata }) => [name, metadata["phone"], metadata["source_url"]])).toEqual([["Tap drips", "+64215556001", "https://board.example/post/7?utm_source=mail"]]);
  });

  it("is left with the server that brings it while the service is closed, to be brought again", async () => {
    const { addressOf, runs } = await tenant();
    const address = await addressOf();
    const closed = { ...env, APEX_MAINTENANCE: "on" } as unknown as Cloudflare.Env;
    await expect(deliver(address, mime({ html: TEASERS }), undefined, closed)).rejects.toThrow("Closed for maintenance.");
    expect(await runs()).toEqual([]);
    expect(await deliver(address, mime({ html: TEASERS }))).toBeNull();
    expect(await runs()).toHaveLength(1);
  });

  it("that comes twice, over another server, is one", async () => {
    const { addressOf, runs, work, leads } = await tenant();
    const address = await addressOf();
    for (const received of ["mx1", "mx2"]) expect(await deliver(address, mime({ html: TEASERS, received }))).toBeNull();
    // Forwarded by hand it is another mail, with the same posts.
    expect(await deliver(address.toUpperCase(), mime({ html: TEASERS, id: "2@board.example" }))).toBeNull();
    await work();
    expect([(await runs()).length, (await leads()).length]).toEqual([2, 1]);
  });

  it("is read by its text where its markup has nothing to say", async () => {
    const { addressOf, work, leads } = await tenant();
    expect(await deliver(await addressOf(), mime({ text: "Tap drips\r\nin Epsom https://board.example/post/8", html: '<img src="x">' }))).toBeNull();
    await work();
    expect((await leads()).map(({ metadata }) => metadata["source_url"])).toEqual(["https://board.example/post/8"]);
  });

  it("waits in its run when the model wants to be left alone: nothing is lost", async () => {
    const { addressOf, runs, work, leads } = await tenant();
    const before = model.answer;
    // For longer than a Worker waits, so that the run does. Of 503 it would be told after 18 s of pauses: worker/onboarding.test.ts goes through those.
    model.answer = () => Response.json({ error: { code: 429, status: "RESOURCE_EXHAUSTED", message: "no", details: [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "600s" }] } }, { status: 429 });
    await deliver(await addressOf(), mime({ html: TEASERS }));
    await work(({ status, error }) => status === "queued" && error !== null);
    expect(await runs()).toHaveLength(1);
    model.answer = before;
    await work();
    expect(await leads()).toHaveLength(1);
  });
});

describe("a mail that is not taken", () => {
  it.each([
    ["to an address that there is not", "hunt+aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@mail.apex.test"], ["without a key", "hunt@mail.apex.test"], ["to another part of the house", "owner@mail.apex.test"], ["to half a key", "hunt+abc@mail.apex.test"], ["to an order to the database", "hunt+' OR 1=1 --aaaaaaaaaaaaa@mail.apex.test"], ["to nobody", ""],
  ])("is rejected in the same words: %s", async (_, to) => expect(await deliver(to, mime({ html: TEASERS }))).toBe("There is no such address."));

  it("is rejected once the address was replaced, and taken at the new one", async () => {
    const { api, project_id, addressOf, runs } = await tenant();
    const old = await addressOf();
    const rotated = await api("POST", `/api/projects/${project_id}/webhooks/rotate`, { source: "hunt_mail" });
    const { url, key } = z.object({ url: z.string(), key: z.string() }).parse(await rotated.json());
    expect([url, await addressOf()]).toEqual([`mailto:hunt+${key}@mail.apex.test`, `hunt+${key}@mail.apex.test`]);
    expect(await deliver(old, mime({ html: TEASERS }))).toBe("There is no such address.");
    expect(await deliver(await addressOf(), mime({ html: TEASERS }))).toBeNull();
    expect(await runs()).toHaveLength(1);
  });

  it("is rejected when it is too large, whatever it says of itself, and starts nothing", async () => {
    const { addressOf, runs } = await tenant();
    const address = await addressOf();
    expect(await deliver(address, mime({ html: TEASERS }), 20_000_000)).toBe("The message is too large.");
    expect(await deliver(address, new Uint8Array(2_000_000), 100)).toBe("The message is too large.");
    expect(await deliver(address, mime({ text: "" }))).toBe("There is nothing to read in the message.");
    expect(await runs()).toEqual([]);
  });

  it("is rejected when there are too many, of one tenant only", async () => {
    const { addressOf } = await tenant();
    const address = await addressOf();
    const answers: (string | null)[] = [];
    for (let count = 0; count < 121; count++) answers.push(await deliver(address, mime({ text: "" })));
    expect([answers[0], answers.at(-1)]).toEqual(["There is nothing to read in the message.", "Too many messages. Try again in an hour."]);
    expect(await deliver(await (await tenant()).addressOf(), mime({ html: TEASERS }))).toBeNull();
  });

  it("cannot be made to cost without end by how it is nested", async () => {
    const { addressOf } = await tenant();
    const nested = `${Array.from({ length: 3000 }, (_, at) => `Content-Type: multipart/mixed; boundary="${at}"\r\n\r\n--${at}\r\n`).join("")}Content-Type: text/plain\r\n\r\nTap drips`;
    expect(await deliver(await addressOf(), nested)).toBe("There is nothing to read in the message.");
  });
});

it("the address is another's only to whoever may see keys, and its key is in no list of runs", async () => {
  const mine = await tenant();
  const theirs = await tenant();
  expect((await theirs.api("GET", `/api/projects/${mine.project_id}/webhooks`)).status).toBe(404);
  const address = await mine.addressOf();
  await deliver(address, mime({ html: TEASERS }));
  await mine.work();
  expect(JSON.stringify(await mine.runs())).not.toContain(/hunt\+(\w+)/.exec(address)?.[1]);
  expect(await theirs.runs()).toEqual([]);
});
