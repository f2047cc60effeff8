import { createHmac } from "node:crypto";

const DIGITS = 6;

/** Six digits, each as likely as any other. */
export const newCode = (): string => {
  // Beyond the last whole multiple of a million some codes would be likelier.
  const limit = 4_294_000_000;
  for (;;) {
    const [random = limit] = crypto.getRandomValues(new Uint32Array(1));
    if (random < limit) return String(random % 10 ** DIGITS).padStart(DIGITS, "0");
  }
};

/** What is kept of a code: a million hashes are soon made, so it needs a key, and it is good for its own phone only. */
export const hashCode = (secret: string, { tenant_id, phone }: { tenant_id: string; phone: string }, code: string): string =>
  createHmac("sha256", secret).update(JSON.stringify(["destination-code", tenant_id, phone, code])).digest("hex");

export const codeAsText = (code: string): string => `${code} is your Apex code. It verifies this phone for 10 minutes. Nobody of ours will ask you for it.`;

/** Digit by digit, and twice: whoever picks up may not have heard the beginning. */
export const codeAsSpeech = (code: string): string => {
  const digits = code.split("").join(", ");
  return `Hello. Your Apex code is: ${digits}. Again: ${digits}. Goodbye.`;
};
