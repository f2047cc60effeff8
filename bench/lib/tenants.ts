/** One business with the phones of the people who take its calls. */
export interface Business {
  projectId: string;
  wordpressKey: string;
}

export interface Account {
  token: string;
  url: string;
  /** Of its owner, who signs in with `PASSWORD`. */
  email: string;
}

export const PASSWORD = "correct horse battery";

const PARALLEL = 8;
const SCOPES = ["leads:read", "leads:write", "calls:read", "runs:write", "dna:write", "admin"];

/** @throws Error with the answer's text when it is not a success */
export const api = async (account: Pick<Account, "token" | "url">, method: string, path: string, body?: { json?: unknown; yaml?: string }): Promise<unknown> => {
  const content = body?.yaml ?? (body?.json === undefined ? undefined : JSON.stringify(body.json));
  const response = await fetch(`${account.url}${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${account.token}`,
      ...(content === undefined ? {} : { "Content-Type": body?.yaml === undefined ? "application/json" : "application/yaml" }),
    },
    ...(content === undefined ? {} : { body: content }),
    signal: AbortSignal.timeout(30_000),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text.slice(0, 300)}`);
  return response.headers.get("Content-Type")?.includes("json") === true ? JSON.parse(text) : text;
};

export const signUp = async (url: string): Promise<Account> => {
  const email = `bench-${Date.now()}@example.com`;
  const answer = (await api({ token: "", url }, "POST", "/api/auth/signup", { json: { email, password: PASSWORD, name: "Bench" } })) as { token: string };
  // A measurement takes longer than an access token lasts.
  const { key } = (await api({ token: answer.token, url }, "POST", "/api/api-keys", { json: { name: "bench", scopes: SCOPES } })) as { key: string };
  return { token: key, url, email };
};

const createBusiness = async (account: Account, projectId: string, phones: readonly string[], bridge: string): Promise<Business> => {
  await api(account, "POST", "/api/projects", { json: { project_id: projectId, name: `Plumber ${projectId}`, country: "NZ" } });
  const destinations = phones.map((phone, index) => `        - { name: "Owner ${index + 1}", phone: "${phone}" }`).join("\n");
  await api(account, "PUT", `/api/projects/${projectId}/dna/custom`, { yaml: `modules:\n  lead_gen:\n    sales_bridge:\n      destinations:\n${destinations}\n${bridge}\n` });
  const hooks = (await api(account, "GET", `/api/projects/${projectId}/webhooks`)) as { wordpress: { key: string } };
  // Reads the DNA as intake does, so that the first lead of a project is not the one that fetches it from storage.
  await api(account, "GET", `/api/projects/${projectId}/dna`);
  return { projectId, wordpressKey: hooks.wordpress.key };
};

/** Makes businesses through the public API. `phonesOf` names who is rung in each. @param bridge more lines of YAML for each `sales_bridge` */
export const createBusinesses = async (account: Account, name: string, count: number, phonesOf: (index: number) => string[], bridge = ""): Promise<Business[]> => {
  const businesses: Business[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) businesses[index] = await createBusiness(account, `${name}-${index}`, phonesOf(index), bridge);
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL, count) }, work));
  return businesses;
};
