import { ApiProblem, ok, api, type Schemas } from "./client.ts";

/** The webhook's address as it is reached from here: through the page's own origin, which leads `/api` to the region. */
const fromHere = (url: string): string => `${new URL(url).pathname}${new URL(url).search}`;

const post = async (url: string, body: unknown, headers: Record<string, string> = {}): Promise<Schemas["IntakeAnswer"]> =>
  ok(
    fetch(fromHere(url), { method: "POST", headers: { "Content-Type": "application/json", ...headers }, body: JSON.stringify(body) }).then(
      async (response) => ({ response, ...(response.ok ? { data: (await response.json()) as Schemas["IntakeAnswer"] } : { error: (await response.json()) as unknown }) }),
      () => {
        throw new ApiProblem({});
      },
    ),
  );

const keysOf = async (project_id: string): Promise<Schemas["Webhooks"]> => ok(api.GET("/api/projects/{project_id}/webhooks", { params: { path: { project_id } } }));

/** A form as the website sends it, by the same door and key. It rings. */
export const sendForm = async (projectId: string, { name, phone, message }: { name: string; phone: string; message: string }): Promise<Schemas["IntakeAnswer"]> => {
  const { wordpress } = await keysOf(projectId);
  return post(wordpress.url, { "your-name": name, "your-phone": phone, "your-message": message }, { "X-Apex-Key": wordpress.key });
};

/** What Google sends when somebody presses “Send test data” (developers.google.com/google-ads/webhook/docs/implementation). It rings nobody. */
export const sendGoogleTest = async (projectId: string): Promise<Schemas["IntakeAnswer"]> => {
  const { google_ads } = await keysOf(projectId);
  return post(google_ads.url, {
    lead_id: `test-${crypto.randomUUID()}`, api_version: "1.0", form_id: 1, campaign_id: 1, google_key: google_ads.key, is_test: true,
    user_column_data: [{ column_id: "FULL_NAME", column_name: "Full Name", string_value: "FirstName LastName" }, { column_id: "EMAIL", column_name: "User Email", string_value: "test@example.com" }],
  });
};
