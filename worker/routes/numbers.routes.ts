import { createRoute, z } from "@hono/zod-openapi";
import { iso } from "../../core/clock.ts";
import { twilioTokenPlace } from "../../core/contact/twilio-accounts.ts";
import { conflict, forbidden, notFound } from "../../core/errors.ts";
import type { TenantMemory } from "../../core/memory/memory.ts";
import type { BroughtAccount, PhoneNumber } from "../../core/memory/numbers.store.ts";
import { checkOwnership } from "../number-ownership.ts";
import { memoryOf, requires } from "../middleware/auth.ts";
import { acceptsJson } from "../middleware/body.ts";
import { bearer, createRouter, e164Schema, json, jsonBody, pageOf, pageQuery, problems, projectParam } from "../router.ts";

const numberParam = projectParam.extend({ phone_number: e164Schema });
const twilioSchema = z.object({ account_sid: z.string().regex(/^AC[0-9A-Za-z]{1,62}$/, "must be a Twilio account SID, e.g. AC0123…"), auth_token: z.string().min(1).max(200) });
const numberSchema = z
  .object({
    phone_number: z.string(),
    account_sid: z.string().nullable().openapi({ description: "The tenant's own Twilio account; null: the service's" }),
    page_id: z.string().nullable().openapi({ description: "The page that shows it: a call to it came by that page" }),
    is_from: z.boolean().openapi({ description: "Calls and texts go out from it: the number of the project that was added last and that no page shows" }),
    created_at: z.string(),
  })
  .openapi("PhoneNumber");

const list = createRoute({
  method: "get",
  path: "/api/projects/{project_id}/numbers",
  summary: "The project's own numbers",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: projectParam, query: pageQuery },
  responses: { 200: json(pageOf(numberSchema)), ...problems(401, 403, 404, 422) },
});

const put = createRoute({
  method: "put",
  path: "/api/projects/{project_id}/numbers/{phone_number}",
  summary: "Give a number to the project, with the Twilio account that it is of; again, to replace the account's token",
  description: "Twilio is asked first whether the account owns the number. Without `twilio` it is a number of the service's own account. With `page_id` that page shows it, from when it is next published, and calls to it are the page's; without, it is a line that calls go out from. 404: there is no such page. 409: another project has it.",
  security: bearer,
  middleware: [requires(), acceptsJson] as const,
  request: { params: numberParam, ...jsonBody(z.object({ twilio: twilioSchema.optional(), page_id: z.string().max(60).optional() })) },
  responses: { 204: { description: "It is the project's" }, ...problems(400, 401, 403, 404, 409, 413, 415, 422, 502) },
});

const remove = createRoute({
  method: "delete",
  path: "/api/projects/{project_id}/numbers/{phone_number}",
  summary: "Take a number from the project; calls under way end as they would have",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: numberParam },
  responses: { 204: { description: "It is not the project's any more" }, ...problems(401, 403, 404, 422) },
});

const shown = ({ number, account_sid, page_id, created_at }: PhoneNumber, from: string | null) => ({ phone_number: number, account_sid, page_id, is_from: number === from, created_at: iso(created_at) });

/** @throws AppError 404 for what is no page of the project */
const demandPage = async (memory: TenantMemory, projectId: string, pageId: string): Promise<void> => {
  const page = await memory.entities.find(pageId);
  if (page?.entity_type !== "page" || page.project_id !== projectId) throw notFound("page");
};

/** The same whoever has it, another project of one's own included. Whoever hears it has shown that the number is theirs. */
const taken = () => conflict("number_taken", "Another project has that number.");

export const numbersRoutes = createRouter()
  .openapi(list, async (c) => {
    const memory = memoryOf(c);
    const project = await memory.projects.get(c.req.valid("param").project_id);
    const page = await memory.numbers.list(project.id, c.req.valid("query"));
    return c.json({ items: page.items.map((number) => shown(number, project.from_number)), next_cursor: page.next_cursor }, 200);
  })
  .openapi(put, async (c) => {
    const { settings, twilioAccounts, trustOf, vault } = c.var.services;
    const { project_id, phone_number: number } = c.req.valid("param");
    const { twilio, page_id: pageId = null } = c.req.valid("json");
    const memory = memoryOf(c);
    const project = await memory.projects.get(project_id);
    if (pageId !== null) await demandPage(memory, project.id, pageId);
    // Every project without a number of its own speaks by this one.
    if (number === settings.TWILIO_PHONE_NUMBER) throw taken();
    // The service's own account may be named like any other, by whoever knows its token: it is stored nowhere but where it is.
    const own = twilio === undefined || twilio.account_sid === settings.TWILIO_ACCOUNT_SID ? null : twilio;
    if (twilio === undefined && settings.APEX_ENV !== "local" && !(await trustOf(memory)).trusted) {
      throw forbidden("Verify your address and one of your phones first: a number of the service's own account is for verified tenants.");
    }
    await checkOwnership(twilio === undefined ? twilioAccounts.service : twilioAccounts.with(twilio), number, { lenient: settings.APEX_ENV === "local" });
    const account: BroughtAccount | null = own && { account_sid: own.account_sid, token_sealed: await vault.seal(own.auth_token, twilioTokenPlace(memory.tenantId, own.account_sid)) };
    if (!(await memory.numbers.put(project.id, number, account, pageId))) throw taken();
    return c.body(null, 204);
  })
  .openapi(remove, async (c) => {
    const { project_id, phone_number } = c.req.valid("param");
    const memory = memoryOf(c);
    const project = await memory.projects.get(project_id);
    if (!(await memory.numbers.remove(project.id, phone_number))) throw notFound("number");
    return c.body(null, 204);
  });
