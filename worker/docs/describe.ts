import type { OpenAPIHono } from "@hono/zod-openapi";
import { isIdempotent } from "../middleware/idempotency.ts";
import { operationOf } from "../policy.ts";
import type { AppEnv } from "../services.ts";

/* What middleware answers to many operations alike is added here, from the routes that it stands in, and not said by each. */

type App = OpenAPIHono<AppEnv>;
type Document = ReturnType<App["getOpenAPI31Document"]>;
type Item = NonNullable<Document["paths"]>[string];
type Operation = NonNullable<Item["get"]>;

const METHODS = ["get", "put", "post", "delete", "patch"] as const;

/** What `requires()` refuses with (worker/middleware/auth.ts). */
const OF_A_TOKEN = {
  401: "No token, or one that has ended",
  403: "Not with this token, or the account is suspended",
  421: "The account lives in another region: `base_url`",
  429: "Too many requests: see `Retry-After`, `RateLimit` and `RateLimit-Policy`",
};
const OF_A_KEY = {
  409: "The first request with this Idempotency-Key is still running",
  422: "This Idempotency-Key was used for another request",
};

const problem = { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } };
const answers = (descriptions: Record<number, string>): Record<string, object> => Object.fromEntries(Object.entries(descriptions).map(([status, description]) => [status, { description, content: problem }]));

const IDEMPOTENCY_KEY = {
  name: "Idempotency-Key",
  in: "header" as const,
  required: false,
  description: "For 24 hours the same key and body give the first answer again, and nothing is made twice",
  schema: { type: "string" as const, minLength: 1, maxLength: 255 },
};

const needsToken = ({ security = [] }: Operation): boolean => security.some((scheme) => "bearer" in scheme);

const completed = (operation: Operation, takesKey: boolean): Operation => ({
  ...operation,
  ...(takesKey ? { parameters: [...(operation.parameters ?? []), IDEMPOTENCY_KEY] } : {}),
  // What the operation says itself goes before.
  responses: { ...(needsToken(operation) ? answers(OF_A_TOKEN) : {}), ...(takesKey ? answers(OF_A_KEY) : {}), ...operation.responses },
});

/** The OpenAPI document of an app's routes. */
export const describeApi = (app: App, about: Parameters<App["getOpenAPI31Document"]>[0]): Document => {
  const document = app.getOpenAPI31Document(about);
  const takingKeys = new Set(app.routes.filter(({ handler }) => isIdempotent(handler)).map(({ method, path }) => operationOf(method, path)));
  const paths = Object.entries<Item>(document.paths ?? {}).map(([path, item]): [string, Item] => {
    const operations = METHODS.flatMap((method): [string, Operation][] => {
      const operation = item[method];
      return operation === undefined ? [] : [[method, completed(operation, takingKeys.has(operationOf(method.toUpperCase(), path)))]];
    });
    return [path, { ...item, ...Object.fromEntries(operations) }];
  });
  return { ...document, paths: Object.fromEntries(paths) };
};
