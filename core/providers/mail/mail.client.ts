import { z } from "zod";
import { AppError, describeError, vendorError } from "../../errors.ts";

export interface Mail {
  to: string;
  subject: string;
  /** Plain text: nothing in it can be clicked but what the reader sees. */
  text: string;
  /** The vendor sends a mail once for it, however often it is asked to within 24 h. */
  idempotency_key: string;
}

export interface Mailer {
  /** False where no key or no sender is set: then nothing is sent, and whatever needs mail says so. */
  configured: boolean;
  /** @throws AppError `mail_failed`, `vendor_busy` (retryable: later), `mail_rejected` (never) */
  send(mail: Mail): Promise<void>;
}

export interface MailerOptions {
  apiKey: string;
  /** Without a slash at its end. */
  baseUrl: string;
  /** `Name <address@domain>`; the domain is verified with the vendor. */
  from: string;
  fetch: (input: string, init: RequestInit) => Promise<Response>;
  /** Sends once it is our turn: all tenants share the vendor's patience. @throws AppError `vendor_busy` (retryable), and what sending throws */
  admit: <T>(send: () => Promise<T>) => Promise<T>;
}

const TIMEOUT_MS = 10_000;
/** A mail that the vendor will never take; anything else (its outage, its rate limit, our key) may be mended. */
const FINAL = new Set([400, 422]);
const refusalSchema = z.object({ name: z.string() });

/** The vendor's name for what is wrong. Its message is left out, as it may repeat the address. */
const reasonOf = async (response: Response): Promise<string> => {
  const body: unknown = await response.json().catch(() => null);
  return refusalSchema.safeParse(body).data?.name ?? "unknown";
};

/** Resend's `POST /emails` (resend.com/docs/api-reference/emails/send-email). A request without User-Agent is refused there. */
export const createMailer = ({ apiKey, baseUrl, from, fetch, admit }: MailerOptions): Mailer => ({
  configured: apiKey !== "" && from !== "",
  async send({ idempotency_key, to, subject, text }) {
    try {
      const response = await admit(async () =>
        fetch(`${baseUrl}/emails`, {
          method: "POST",
          headers: { Authorization: `Bearer ${apiKey}`, "Content-Type": "application/json", "Idempotency-Key": idempotency_key, "User-Agent": "apex" },
          body: JSON.stringify({ from, to: [to], subject, text }),
          signal: AbortSignal.timeout(TIMEOUT_MS),
        }),
      );
      if (response.ok) {
        await response.body?.cancel();
        return;
      }
      const final = FINAL.has(response.status);
      throw vendorError(final ? "mail_rejected" : "mail_failed", `The mail service answered ${response.status} (${await reasonOf(response)}).`, { retryable: !final });
    } catch (error) {
      if (error instanceof AppError) throw error;
      throw vendorError("mail_failed", `The mail service was not reached: ${describeError(error)}`, { retryable: true, cause: error });
    }
  },
});
