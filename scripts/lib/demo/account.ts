import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";

const accountSchema = z.object({
  email: z.string(),
  password: z.string(),
  project_id: z.string(),
  /** The demo Worker's own secrets: what one run has sealed, the next must open. */
  jwt_secret: z.string(),
  kms_key: z.string(),
});

/** Who the demo signs in as, and what its Worker is started with. */
export type DemoAccount = z.infer<typeof accountSchema>;

const secret = (): string => randomBytes(24).toString("base64url");

/** An account that nobody has had before. */
export const newAccount = (): DemoAccount => {
  const tag = randomBytes(3).toString("hex");
  return { email: `dave-${tag}@harbour-plumbing.example`, password: secret(), project_id: `demo-${tag}`, jwt_secret: secret(), kms_key: secret() };
};

/** Null when there is none, or none that can be used: the demo then makes a new one. */
export const readAccount = (file: string): DemoAccount | null => {
  try {
    return accountSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return null;
  }
};

/** Writes a file that only its owner may read; a crash leaves the old one or the new one, never half of it. */
export const writePrivately = (file: string, text: string): void => {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
};

export const writeAccount = (file: string, account: DemoAccount): void => writePrivately(file, `${JSON.stringify(account, null, 2)}\n`);

/** Where a state's account is kept. */
export const accountFileOf = (stateDir: string): string => path.join(stateDir, "account.json");

/** The demo's folder and who it is: as an earlier run left them, or, where there was none or with `fresh`, new. @param stateDir absolute */
export const openState = (stateDir: string, { fresh }: { fresh: boolean }): { account: DemoAccount; accountFile: string } => {
  if (fresh) rmSync(stateDir, { recursive: true, force: true });
  const accountFile = accountFileOf(stateDir);
  const account = readAccount(accountFile) ?? newAccount();
  writeAccount(accountFile, account);
  return { account, accountFile };
};
