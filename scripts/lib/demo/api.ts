import { z } from "zod";
import { type Answer, type Ask, ask } from "../ask.ts";
import { UsageError } from "../command-line.ts";
import { runSchema } from "../onboard/follow.ts";
import { listedPageSchema, pageSchema } from "../pages/show-pages.ts";

/* The public API as the demo uses it: nothing here goes past HTTP. */

/** One refused request, in words for whoever started the demo. */
export class ApiError extends UsageError {
  override name = "ApiError";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const keySchema = z.object({ key: z.string() });
const sessionSchema = z.object({ token: z.string() });
const meSchema = z.object({ scopes: z.array(z.string()) });
const projectSchema = z.object({ project_id: z.string(), name: z.string() });
const doorSchema = z.object({ url: z.string(), key: z.string() });
const webhooksSchema = z.object({ google_ads: doorSchema, wordpress: doorSchema });
const intakeSchema = z.object({ lead_id: z.string(), status: z.string() });
const startedSchema = z.object({ run_id: z.string() });
const leadSchema = z.object({ id: z.string(), name: z.string(), primary_contact: z.string() });
const timelineEntrySchema = z.object({ at: z.iso.datetime(), event: z.string(), detail: z.record(z.string(), z.unknown()).default({}) });
const segmentSchema = z.object({ speaker: z.string(), start_s: z.number(), text: z.string() });
const analysisSchema = z.object({
  summary: z.string(),
  customer_intent: z.string(),
  next_steps: z.array(z.string()),
  sentiment: z.string(),
  urgency: z.string(),
});
const listedCallSchema = z.object({
  id: z.string(),
  lead_id: z.string(),
  call_sid: z.string().nullable().default(null),
  status: z.string(),
  end_reason: z.string().nullable(),
  duration_s: z.number().nullable(),
  timeline: z.array(timelineEntrySchema),
});
const callSchema = listedCallSchema.extend({ analysis: analysisSchema.nullable(), transcription: z.object({ segments: z.array(segmentSchema) }).nullable() });
const pagesSchema = z.object({ items: z.array(listedPageSchema) });
const callsSchema = z.object({ items: z.array(listedCallSchema) });

export type TimelineEntry = z.infer<typeof timelineEntrySchema>;
export type Call = z.infer<typeof callSchema>;
export type Webhooks = z.infer<typeof webhooksSchema>;

const PATIENCE_MS = 30_000;

/**
 * @param url where the Worker answers, without a slash at its end
 * @throws ApiError (every method) for any answer but 2xx
 */
export const createApi = (url: string) => {
  let token: string | null = null;
  let signInAgain: (() => Promise<void>) | null = null;

  const send = async (target: string, options: Ask): Promise<Answer> => ask(target, { ...options, token, timeoutMs: PATIENCE_MS });
  const textOf = async (target: string, options: Ask = {}): Promise<string> => {
    let answer = await send(target, options);
    // An access token lasts 15 minutes; a demo stands for longer.
    if (answer.status === 401 && signInAgain !== null && target.startsWith(url)) {
      await signInAgain();
      answer = await send(target, options);
    }
    if (!answer.ok) throw new ApiError(answer.status, `${options.method ?? "GET"} ${target.replace(/\?.*/, "")} was answered ${answer.status}: ${answer.text.slice(0, 500)}`);
    return answer.text;
  };
  const read = async <T>(schema: z.ZodType<T>, path: string, options?: Ask): Promise<T> => schema.parse(JSON.parse(await textOf(`${url}${path}`, options)));

  const signIn = async (path: string, person: { email: string; password: string; name?: string }): Promise<void> => {
    token = null;
    signInAgain = null;
    token = (await read(sessionSchema, path, { method: "POST", body: person })).token;
    signInAgain = async () => signIn("/api/auth/login", { email: person.email, password: person.password });
  };

  return {
    createKey: async (wanted: { name: string; scopes: string[]; expires_at: string }) => (await read(keySchema, "/api/api-keys", { method: "POST", body: wanted })).key,
    scopes: async () => (await read(meSchema, "/api/auth/me")).scopes,
    /** Whoever has a token needs no password. */
    useToken: (given: string): void => {
      token = given;
      signInAgain = null;
    },
    startRun: async (run: { task: string; project_id: string; params: unknown }) => read(startedSchema, "/api/run", { method: "POST", body: run }),
    run: async (id: string) => read(runSchema, `/api/runs/${id}`),
    signUp: async (person: { email: string; password: string; name: string }) => signIn("/api/auth/signup", person),
    logIn: async (person: { email: string; password: string }) => signIn("/api/auth/login", person),
    project: async (id: string) => read(projectSchema, `/api/projects/${id}`),
    createProject: async (project: { project_id: string; name: string; country: string }) => read(projectSchema, "/api/projects", { method: "POST", body: project }),
    customDna: async (id: string) => textOf(`${url}/api/projects/${id}/dna/custom`),
    putCustomDna: async (id: string, yaml: string) => textOf(`${url}/api/projects/${id}/dna/custom`, { method: "PUT", headers: { "Content-Type": "application/yaml" }, body: yaml }),
    connectWordpress: async (id: string, login: { url: string; username: string; application_password: string }) => textOf(`${url}/api/projects/${id}/secrets/wordpress`, { method: "PUT", body: login }),
    webhooks: async (id: string) => read(webhooksSchema, `/api/projects/${id}/webhooks`),
    /** The newest 200 of a project's pages. */
    pages: async (projectId: string) => (await read(pagesSchema, `/api/entities?${new URLSearchParams({ type: "page", project_id: projectId, limit: "200" }).toString()}`)).items,
    page: async (id: string) => read(pageSchema, `/api/pages/${id}`),
    lead: async (id: string) => read(leadSchema, `/api/entities/${id}`),
    call: async (id: string) => read(callSchema, `/api/calls/${id}`),
    callsOf: async (query: Record<string, string>) => (await read(callsSchema, `/api/calls?${new URLSearchParams(query).toString()}`)).items,
    /** As a form on a WordPress site does: URL-encoded fields, and the project's key. */
    submitForm: async ({ url: door, key }: Webhooks["wordpress"], fields: Record<string, string>) =>
      intakeSchema.parse(JSON.parse(await textOf(door, { method: "POST", headers: { "X-Apex-Key": key }, body: new URLSearchParams(fields) }))),
  };
};

export type Api = ReturnType<typeof createApi>;
