import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type Answer, type Client, createClient, send } from "./support/client.ts";
import { sessionSchema } from "./support/api.schemas.ts";
import { eventually } from "./support/eventually.ts";
import { useHouse } from "./support/house.ts";

const house = useHouse({ vars: { DASHBOARD_ORIGINS: "https://dashboard.example" } });

const PASSWORD = "a long enough password";
const NEW_PASSWORD = "another long enough one";
const DAY_MS = 86_400_000;

const refreshableSchema = sessionSchema.extend({ refresh_token: z.string().min(1), refresh_expires_at: z.iso.datetime({ precision: 3 }) });
type Session = z.infer<typeof refreshableSchema>;

const post = async (path: string, json: unknown): Promise<Answer> => send("POST", `${house.url}${path}`, { json });
const sessionOf = (answer: Answer): Session => answer.as(refreshableSchema);
const as = (token: string): Client => createClient({ url: house.url, token });
const isLetIn = async (token: string): Promise<number> => (await as(token).ask("GET", "/api/auth/me")).status;

const signUp = async (): Promise<Session & { email: string }> => {
  const email = `${randomUUID()}@example.nz`;
  return { ...sessionOf(await post("/api/auth/signup", { email, password: PASSWORD })), email };
};

/** The token in the newest mail of this subject, as its reader finds it in their inbox. */
const mailedToken = async (email: string, subject: string): Promise<string> =>
  eventually(`a mail "${subject}"`, () => {
    const found = house.sandbox.mailsTo(email).findLast((mail) => mail.subject === subject);
    return found && /https:\/\/dashboard\.example\/\w+#token=([\w-]+)/.exec(found.text)?.[1];
  });

describe("a person", () => {
  it("confirms their address, loses their password and gets a new one by mail, which ends what was open before", async () => {
    const session = await signUp();
    const token = await mailedToken(session.email, "Confirm your address");
    expect((await post("/api/auth/verify", { token })).status).toBe(204);
    expect(JSON.parse((await as(session.token).ask("GET", "/api/auth/me")).bytes.toString())).toMatchObject({ user: { email_verified_at: expect.any(String) as unknown } });

    expect((await post("/api/auth/password/forgot", { email: session.email })).status).toBe(202);
    expect((await post("/api/auth/password/forgot", { email: `nobody-${session.email}` })).status).toBe(202);
    const reset = await mailedToken(session.email, "Set a new password");
    expect((await post("/api/auth/password/reset", { token: reset, password: NEW_PASSWORD })).status).toBe(204);
    expect((await post("/api/auth/password/reset", { token: reset, password: NEW_PASSWORD })).status).toBe(422);
    expect(house.sandbox.mailsTo(`nobody-${session.email}`)).toEqual([]);

    expect(await isLetIn(session.token)).toBe(401);
    expect((await post("/api/auth/refresh", { refresh_token: session.refresh_token })).status).toBe(401);
    expect((await post("/api/auth/login", { email: session.email, password: PASSWORD })).status).toBe(401);
    expect((await post("/api/auth/login", { email: session.email, password: NEW_PASSWORD })).status).toBe(200);
  });

  it("stays signed in by refreshing, until a spent token is shown", async () => {
    const first = await signUp();
    const second = sessionOf(await post("/api/auth/refresh", { refresh_token: first.refresh_token }));
    expect(await isLetIn(second.token)).toBe(200);
    expect((await post("/api/auth/refresh", { refresh_token: first.refresh_token })).status).toBe(401);
    expect((await post("/api/auth/refresh", { refresh_token: second.refresh_token })).status).toBe(401);
    expect(await isLetIn(second.token)).toBe(401);
  });
});

describe("a business", () => {
  it("gives a program a key, and takes it back", async () => {
    const owner = as((await signUp()).token);
    const created = (await owner.ask("POST", "/api/api-keys", { json: { name: "reporting", scopes: ["leads:read"] } })).as(z.object({ id: z.string(), key: z.string().startsWith("apex_") }));
    const program = as(created.key);
    expect((await program.ask("GET", "/api/entities")).status).toBe(200);
    expect((await program.ask("POST", "/api/entities", { json: { entity_type: "note", name: "x" } })).status).toBe(403);
    expect((await owner.ask("DELETE", `/api/api-keys/${created.id}`)).status).toBe(204);
    expect((await program.ask("GET", "/api/entities")).status).toBe(401);
  });

  it("invites somebody by mail to see and not to touch", async () => {
    const owner = as((await signUp()).token);
    const email = `${randomUUID()}@example.nz`;
    expect((await owner.ask("POST", "/api/invitations", { json: { email, role: "viewer" } })).status).toBe(201);
    const joined = await post("/api/auth/accept-invitation", { token: await mailedToken(email, "You are invited to Apex"), password: PASSWORD, name: "Vic" });
    expect(joined.status).toBe(201);
    const viewer = as(sessionOf(joined).token);
    expect((await viewer.ask("GET", "/api/entities")).status).toBe(200);
    expect((await viewer.ask("POST", "/api/entities", { json: { entity_type: "note", name: "x" } })).status).toBe(403);
    expect((await viewer.ask("GET", "/api/members")).status).toBe(403);
    const members = (await owner.ask("GET", "/api/members")).as(z.object({ items: z.array(z.object({ email: z.string(), role: z.string() })) })).items;
    expect(members).toContainEqual({ email, role: "viewer" });
  });
});

describe("time", () => {
  it("ends an access token after minutes, a refresh token after weeks, and a key never by itself", async () => {
    const session = await signUp();
    const { key } = (await as(session.token).ask("POST", "/api/api-keys", { json: { name: "x", scopes: ["leads:read"] } })).as(z.object({ key: z.string() }));
    await house.moveTo(Date.now() + DAY_MS);
    expect(await isLetIn(session.token)).toBe(401);
    const next = sessionOf(await post("/api/auth/refresh", { refresh_token: session.refresh_token }));
    expect(await isLetIn(next.token)).toBe(200);
    await house.moveTo(Date.now() + 40 * DAY_MS);
    expect((await post("/api/auth/refresh", { refresh_token: next.refresh_token })).status).toBe(401);
    expect((await as(key).ask("GET", "/api/entities")).status).toBe(200);
  });
});
