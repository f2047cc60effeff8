import { importPKCS8, SignJWT } from "jose";
import { z } from "zod";
import { AppError, describeError, vendorError } from "../../errors.ts";

export interface ServiceAccount {
  client_email: string;
  /** PKCS #8, PEM. */
  private_key: string;
}

export interface TokenOptions {
  /** Google's token service; never the address that a service account's file names: a file comes from a tenant. */
  tokenUrl: string;
  scope: string;
  nowMs: number;
  fetch: (input: string, init: RequestInit) => Promise<Response>;
}

const GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/** Google's longest. */
const LIFETIME_S = 3600;
const TIMEOUT_MS = 15_000;
const tokenSchema = z.object({ access_token: z.string().min(1) });
const refusalSchema = z.looseObject({ error: z.string() });

const refused = (message: string, cause?: unknown): AppError => new AppError({ code: "search_console_login", status: 422, message, cause });

/** @throws AppError 422 `search_console_login` for what is no such key */
export const readPrivateKey = async (pem: string): Promise<Awaited<ReturnType<typeof importPKCS8>>> => {
  try {
    return await importPKCS8(pem, "RS256");
  } catch (error) {
    throw refused("The service account's private_key is no PKCS #8 RSA key.", error);
  }
};

/**
 * An access token for a service account, by a JWT that it signs (RFC 7523; developers.google.com/identity/protocols/oauth2/service-account).
 * @throws AppError 422 `search_console_login`: the key is not (any more) valid; 502 `search_console_unavailable`, retryable
 */
export const fetchAccessToken = async ({ client_email, private_key }: ServiceAccount, { tokenUrl, scope, nowMs, fetch }: TokenOptions): Promise<string> => {
  const issuedAt = Math.floor(nowMs / 1000);
  const assertion = await new SignJWT({ scope })
    .setProtectedHeader({ alg: "RS256", typ: "JWT" })
    .setIssuer(client_email)
    .setAudience(tokenUrl)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + LIFETIME_S)
    .sign(await readPrivateKey(private_key));
  try {
    const response = await fetch(tokenUrl, { method: "POST", body: new URLSearchParams({ grant_type: GRANT, assertion }), signal: AbortSignal.timeout(TIMEOUT_MS) });
    const body: unknown = await response.json().catch(() => null);
    if (response.status === 400 || response.status === 401) throw refused(`Google does not accept the service account (${refusalSchema.safeParse(body).data?.error ?? "unknown"}).`);
    if (!response.ok) throw vendorError("search_console_unavailable", `Google's token service answered ${response.status}.`, { retryable: true });
    return tokenSchema.parse(body).access_token;
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw vendorError("search_console_unavailable", `Google's token service was not reached: ${describeError(error)}`, { retryable: true, cause: error });
  }
};
