import { randomInt } from "node:crypto";
import { type DemoAccount, newAccount, writeAccount } from "./account.ts";
import { type Api, ApiError, type Webhooks } from "./api.ts";

export interface DemoBusiness {
  /** Whose it is: on a database that did not know the one that was asked for, another. */
  account: DemoAccount;
  project_id: string;
  name: string;
  webhooks: Webhooks;
}

const NAME = "Harbour Plumbing";

/** Null when the server answers with one of these statuses. */
const unless = async <T>(statuses: readonly number[], work: Promise<T>): Promise<T | null> => {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ApiError && statuses.includes(error.status)) return null;
    throw error;
  }
};

/** Signs in as the demo's owner. An account that the server does not know (its database is gone) is replaced by a new one. */
export const signInAs = async ({ api, account, accountFile }: { api: Api; account: DemoAccount; accountFile: string }): Promise<DemoAccount> => {
  const { email, password } = account;
  if ((await unless([401], api.logIn({ email, password }).then(() => true))) !== null) return account;
  // The secrets stay: the Worker runs with them.
  const { jwt_secret, kms_key } = account;
  const next = { ...newAccount(), jwt_secret, kms_key };
  writeAccount(accountFile, next);
  await api.signUp({ email: next.email, password: next.password, name: "Dave Harbour" });
  return next;
};

/**
 * Signs in and makes sure that the business is there, DNA and all. Every step can be repeated: a run that was cut short anywhere
 * is finished by the next.
 * @param dna YAML: what the custom layer is to be, whatever it was
 */
export const openBusiness = async ({ api, account, accountFile, dna }: { api: Api; account: DemoAccount; accountFile: string; dna: string }): Promise<DemoBusiness> => {
  const known = await signInAs({ api, account, accountFile });
  const { project_id } = known;
  const project = (await unless([404], api.project(project_id))) ?? (await api.createProject({ project_id, name: NAME, country: "NZ" }));
  if ((await api.customDna(project_id)) !== dna) await api.putCustomDna(project_id, dna);
  return { account: known, project_id, name: project.name, webhooks: await api.webhooks(project_id) };
};

/**
 * What somebody types into the form, under the field names of Contact Form 7. The phone is another one each time: the same
 * person within ten minutes would be one lead.
 */
export const newForm = (): Record<string, string> => ({
  "your-name": "Aroha Williams",
  "your-email": "aroha@example.nz",
  // Ends with 0 and three more digits: a person who answers and presses 1 (sandbox/README.md, "Numbers").
  "your-phone": `021 ${randomInt(200, 900)} 0${String(randomInt(1000)).padStart(3, "0")}`,
  service: "Plumbing",
  suburb: "Ponsonby",
  "your-message": "There is water where it should not be. Please call me.",
});
