import { createRoute, z } from "@hono/zod-openapi";
import { iso, isoOrNull } from "../../core/clock.ts";
import { conflict, invalid, notFound } from "../../core/errors.ts";
import type { PageHost } from "../../core/memory/page-hosts.store.ts";
import { isBelow, isHostName } from "../../core/web/host-names.ts";
import { memoryOf, requires } from "../middleware/auth.ts";
import { servesPages } from "../pages/edge.ts";
import { bearer, createRouter, json, problems, projectParam } from "../router.ts";

const hostParam = projectParam.extend({ host: z.string().max(253).refine(isHostName, "must be a host name in lower case, such as pages.example.com") });
const hostSchema = z
  .object({
    host: z.string(),
    kind: z.enum(["subdomain", "own"]),
    verified_at: z.string().nullable(),
    is_primary: z.boolean().openapi({ description: "Pages say that they live there; the project's other names lead to it" }),
    proof: z.object({ type: z.literal("TXT"), name: z.string(), value: z.string() }).nullable().openapi({ description: "The record that the name's DNS must have for verify to succeed" }),
    created_at: z.string(),
  })
  .openapi("PageHost");

const HOSTS = "/api/projects/{project_id}/hosts";
const list = createRoute({
  method: "get",
  path: HOSTS,
  summary: "Host names of the project's hosted pages",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: projectParam },
  responses: { 200: json(z.object({ items: z.array(hostSchema), next_cursor: z.null() })), ...problems(401, 403, 404, 422) },
});
const put = createRoute({
  method: "put",
  path: `${HOSTS}/{host}`,
  summary: "Ask for a host name of one's own; it serves pages once its DNS has shown whose it is",
  description: "Names below the service's own suffix are not asked for here: name one in modules.local_seo.publishing.host.",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: hostParam },
  responses: { 200: json(hostSchema), ...problems(401, 403, 404, 409, 422) },
});
const verify = createRoute({
  method: "post",
  path: `${HOSTS}/{host}/verify`,
  summary: "Look whether the name's DNS has the TXT record",
  description: "Whoever controls the name's DNS has it: another project that had shown it before has to show it again. 409: the record is not there (yet).",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: hostParam },
  responses: { 200: json(hostSchema), ...problems(401, 403, 404, 409, 422, 502) },
});
const remove = createRoute({
  method: "delete",
  path: `${HOSTS}/{host}`,
  summary: "Take a host name from the project; it serves nothing from now on",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: hostParam },
  responses: { 204: { description: "It is not the project's any more" }, ...problems(401, 403, 404, 422) },
});

const recordOf = ({ host, challenge }: PageHost): { type: "TXT"; name: string; value: string } | null => (challenge === null ? null : { type: "TXT", name: `_apex.${host}`, value: `apex-verify=${challenge}` });
const shown = (host: PageHost, primary: PageHost | undefined) => ({
  host: host.host, kind: host.kind, verified_at: isoOrNull(host.verified_at), is_primary: host.host === primary?.host, proof: recordOf(host), created_at: iso(host.created_at),
});

export const hostsRoutes = createRouter()
  .openapi(list, async (c) => {
    const memory = memoryOf(c);
    const project = await memory.projects.get(c.req.valid("param").project_id);
    const [hosts, primary] = await Promise.all([memory.pageHosts.list(project.id), memory.pageHosts.primary(project.id)]);
    return c.json({ items: hosts.map((host) => shown(host, primary)), next_cursor: null }, 200);
  })
  .openapi(put, async (c) => {
    const { settings } = c.var.services;
    const { project_id, host } = c.req.valid("param");
    const memory = memoryOf(c);
    const project = await memory.projects.get(project_id);
    if (settings.PAGES_HOST_SUFFIX === "") throw conflict("hosting_not_set_up", "This deployment serves no pages.");
    const isOurs = host === settings.PAGES_HOST_SUFFIX || isBelow(host, settings.PAGES_HOST_SUFFIX) || !servesPages(settings, new URL(`https://${host}/`));
    if (isOurs) throw invalid([{ path: "host", message: "must be a name of your own" }]);
    const asked = await memory.pageHosts.ask(project.id, host);
    if (!asked) throw conflict("too_many_hosts", "The project has as many host names as it may; remove one first.");
    return c.json(shown(asked, await memory.pageHosts.primary(project.id)), 200);
  })
  .openapi(verify, async (c) => {
    const { project_id, host } = c.req.valid("param");
    const memory = memoryOf(c);
    const project = await memory.projects.get(project_id);
    const known = await memory.pageHosts.find(project.id, host);
    const record = known && recordOf(known);
    if (!known || !record) throw notFound("host");
    if (!(await c.var.services.lookUpTxt(record.name)).includes(record.value)) throw conflict("host_not_verified", `There is no TXT record ${record.name} that says ${record.value}. New records may take an hour to be seen.`);
    await memory.pageHosts.verified(project.id, host);
    return c.json(shown((await memory.pageHosts.find(project.id, host)) ?? known, await memory.pageHosts.primary(project.id)), 200);
  })
  .openapi(remove, async (c) => {
    const { project_id, host } = c.req.valid("param");
    const memory = memoryOf(c);
    const project = await memory.projects.get(project_id);
    if (!(await memory.pageHosts.remove(project.id, host))) throw notFound("host");
    return c.body(null, 204);
  });
