import { decodeProtectedHeader, SignJWT, type JWTPayload } from "jose";
import { describe, expect, it } from "vitest";
import { type AccessClaims, issueAccessToken, verifyAccessToken } from "./tokens.ts";

const SECRET = "a-secret-of-32-random-characters";
const NOW = Date.UTC(2031, 4, 6, 7, 8, 9, 500);
const ANN: AccessClaims = { session_id: "ses_laptop", user_id: "usr_ann", tenant_id: "ten_plumbing", role: "owner" };

const issue = (secret = SECRET, now = NOW): Promise<{ token: string; expires_at: string }> =>
  issueAccessToken(ANN, { secret, now, ttlS: 900 });
const verify = (token: string, secret = SECRET, now = NOW): Promise<AccessClaims | null> => verifyAccessToken(token, { secret, now });

/** A token that is right in everything but what is overridden. */
const forge = async (overrides: { payload?: JWTPayload; alg?: string; typ?: string; kid?: string }): Promise<string> => {
  const { kid } = decodeProtectedHeader((await issue()).token);
  const seconds = Math.floor(NOW / 1000);
  const payload = { sub: "usr_ann", sid: "ses_laptop", tenant_id: "ten_plumbing", role: "owner", iss: "apex", aud: "apex-api", iat: seconds, exp: seconds + 900 };
  return new SignJWT({ ...payload, ...overrides.payload })
    .setProtectedHeader({ alg: overrides.alg ?? "HS256", typ: overrides.typ ?? "at+jwt", kid: overrides.kid ?? kid })
    .sign(new TextEncoder().encode(SECRET));
};

describe("access tokens", () => {
  it("come back as the claims that they were issued for", async () => {
    const { token, expires_at } = await issue();
    expect(expires_at).toBe("2031-05-06T07:23:09.000Z");
    expect(await verify(token)).toEqual(ANN);
    expect(await verify(await forge({}))).toEqual(ANN);
  });

  it("end by the clock that is handed in, not by the machine's", async () => {
    const { token } = await issue();
    expect(await verify(token, SECRET, NOW + 899_000)).toEqual(ANN);
    expect(await verify(token, SECRET, NOW + 900_000)).toBeNull();
  });

  it("survive a rotation until the old secret is removed, and are signed with the newest", async () => {
    const rotated = `the-new-secret-of-many-characters, ${SECRET}`;
    expect(await verify((await issue()).token, rotated)).toEqual(ANN);
    const { token } = await issue(rotated);
    expect(await verify(token, "the-new-secret-of-many-characters")).toEqual(ANN);
    expect(await verify(token, SECRET)).toBeNull();
  });

  it.each([
    ["for another audience", { payload: { aud: "someone-else" } }],
    ["of another issuer", { payload: { iss: "someone-else" } }],
    ["without an end", { payload: { exp: undefined } }],
    ["with an unknown role", { payload: { role: "root" } }],
    ["without a tenant", { payload: { tenant_id: undefined } }],
    ["without a session", { payload: { sid: undefined } }],
    ["without a user", { payload: { sub: undefined } }],
    ["of another kind of JWT", { typ: "JWT" }],
    ["signed with another algorithm", { alg: "HS512" }],
    ["naming a key that we do not have", { kid: "ffffffff" }],
  ])("are refused when they are %s", async (_, overrides) => {
    expect(await verify(await forge(overrides))).toBeNull();
  });

  it("are refused when they are unsigned or altered", async () => {
    const { token } = await issue();
    const [header = "", payload = "", signature = ""] = token.split(".");
    const none = btoa(JSON.stringify({ alg: "none", typ: "at+jwt" })).replaceAll("=", "");
    const bob = btoa(JSON.stringify({ sub: "usr_bob", tenant_id: "ten_plumbing", role: "owner" })).replaceAll("=", "");
    for (const altered of [`${none}.${payload}.`, `${none}.${payload}.${signature}`, `${header}.${bob}.${signature}`, `${header}.${payload}.`, "", "nonsense", "a.b.c"]) {
      expect(await verify(altered)).toBeNull();
    }
  });

  it.each(["", "  , ", "fifteen-letters", `${SECRET},short`])("cannot be made or read with the unsafe secret %j", async (secret) => {
    await expect(issue(secret)).rejects.toMatchObject({ code: "secret_misconfigured", status: 500 });
    await expect(verify("a.b.c", secret)).rejects.toMatchObject({ code: "secret_misconfigured" });
  });
});
