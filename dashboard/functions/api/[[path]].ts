/** The region's API. A service binding in production, so that the dashboard and its API are one origin and need no CORS. */
interface Env {
  API: { fetch(request: Request): Promise<Response> };
}

export const onRequest = async ({ request, env }: { request: Request; env: Env }): Promise<Response> => env.API.fetch(request);
