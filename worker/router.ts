import { OpenAPIHono, z } from "@hono/zod-openapi";
import { fieldErrors, invalid } from "../core/errors.ts";
import type { AppEnv } from "./services.ts";

/** A router whose bad requests all end as the same 422. */
export const createRouter = () =>
  new OpenAPIHono<AppEnv>({
    defaultHook: (result) => {
      if (!result.success) throw invalid(fieldErrors(result.error.issues));
    },
  });

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number(),
    detail: z.string(),
    code: z.string(),
    request_id: z.string(),
    base_url: z.string().optional().openapi({ description: "With 421: the API of the region that the account lives in" }),
    errors: z.array(z.object({ path: z.string(), message: z.string(), line: z.number().optional(), column: z.number().optional() })).optional(),
  })
  .openapi("Problem");

const problemContent = { "application/problem+json": { schema: problemSchema } };

/** `responses` entries for the errors that an operation may answer with. */
export const problems = <Status extends number>(...statuses: Status[]): Record<Status, { description: string; content: typeof problemContent }> =>
  Object.fromEntries(statuses.map((status) => [status, { description: "Problem", content: problemContent }])) as Record<Status, { description: string; content: typeof problemContent }>;

export const json = <Schema extends z.ZodType>(schema: Schema, description = "Success") => ({ description, content: { "application/json": { schema } } });

export const jsonBody = <Schema extends z.ZodType>(schema: Schema) => ({ body: { required: true, content: { "application/json": { schema } } } });

export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  // A program that has none yet may well send it empty.
  cursor: z.string().max(100).optional().transform((cursor) => (cursor === "" ? undefined : cursor)),
});

export const pageOf = <Schema extends z.ZodType>(item: Schema) => z.object({ items: z.array(item), next_cursor: z.string().nullable() });

export const projectIdSchema = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, "must match ^[a-zA-Z0-9_-]{1,64}$");
export const projectParam = z.object({ project_id: projectIdSchema });
export const e164Schema = z.string().regex(/^\+[1-9]\d{6,14}$/, "must be a phone number in E.164 form, e.g. +64211234567");
export const idParam = z.object({ id: z.string().min(1).max(80) });

/** `security` of every operation that needs a token. */
export const bearer = [{ bearer: [] }];
