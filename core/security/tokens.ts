import { decodeJwt, errors, jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import { iso } from "../clock.ts";
import { sha256Hex } from "./constant-time.ts";
import { parseSecrets } from "./key-ring.ts";
import { type Role, ROLES } from "./scopes.ts";

/** Who a user's access token speaks for. */
export interface AccessClaims {
  /** The sign-in that it came from; the token is good while that is (claim `sid`). */
  session_id: string;
  user_id: string;
  tenant_id: string;
  role: Role;
}

export interface IssueOptions {
  /** `APEX_JWT_SECRET`: secrets of at least 16 characters, newest first, separated by commas. */
  secret: string;
  /** Business time in ms (see `Clock`); a token issued under an offset is checked under it too. */
  now: number;
  ttlS: number;
  /** The region that it is good in; left out where there is one only. */
  region?: string | undefined;
}

export type VerifyOptions = Pick<IssueOptions, "secret" | "now">;

const ALGORITHM = "HS256";
const ISSUER = "apex";
const AUDIENCE = "apex-api";
/** RFC 9068: keeps other JWTs signed with the same secret from passing as access tokens. */
const TYPE = "at+jwt";

const payloadSchema = z.object({ sub: z.string().min(1), sid: z.string().min(1), tenant_id: z.string().min(1), role: z.enum(ROLES) });

/** Tells the secrets apart in the token's `kid` header, and tells nothing about them. */
const keyId = (secret: string): string => sha256Hex(`apex-jwt:${secret}`).slice(0, 8);

const keyBytes = (secret: string): Uint8Array => new TextEncoder().encode(secret);

const secretsOf = (list: string): [string, ...string[]] => parseSecrets("APEX_JWT_SECRET", list);

/**
 * Signs an access token with the newest secret.
 * @returns the JWT, and when it ends (ISO 8601; whole seconds, as JWTs have them)
 * @throws AppError `secret_misconfigured`
 */
export const issueAccessToken = async (
  { session_id, user_id, tenant_id, role }: AccessClaims,
  { secret, now, ttlS, region }: IssueOptions,
): Promise<{ token: string; expires_at: string }> => {
  const [newest] = secretsOf(secret);
  const issuedAt = Math.floor(now / 1000);
  const token = await new SignJWT({ sid: session_id, tenant_id, role, ...(region === undefined ? {} : { region }) })
    .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid: keyId(newest) })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject(user_id)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + ttlS)
    .sign(keyBytes(newest));
  return { token, expires_at: iso((issuedAt + ttlS) * 1000) };
};

/**
 * What a token says, or null for whatever reason it cannot be trusted: expired, signed by someone else or with another
 * algorithm (`none` included), meant for another audience, malformed. The caller answers 401 and needs no more.
 * @throws AppError `secret_misconfigured`
 */
export const verifyAccessToken = async (token: string, { secret, now }: VerifyOptions): Promise<AccessClaims | null> => {
  const secrets = secretsOf(secret);
  try {
    const { payload } = await jwtVerify(
      token,
      ({ kid }) => {
        const named = secrets.find((candidate) => keyId(candidate) === kid);
        if (named === undefined) throw new errors.JWKSNoMatchingKey();
        return keyBytes(named);
      },
      {
        algorithms: [ALGORITHM],
        typ: TYPE,
        issuer: ISSUER,
        audience: AUDIENCE,
        requiredClaims: ["exp", "iat"],
        currentDate: new Date(now),
      },
    );
    const { sub, sid, tenant_id, role } = payloadSchema.parse(payload);
    return { session_id: sid, user_id: sub, tenant_id, role };
  } catch {
    return null;
  }
};

/** Which region a token says that it was made in, whoever made it: good enough to say where else to ask, and for nothing more. */
export const claimedRegion = (token: string): string | null => {
  try {
    const { region } = decodeJwt(token);
    return typeof region === "string" ? region : null;
  } catch {
    return null;
  }
};
