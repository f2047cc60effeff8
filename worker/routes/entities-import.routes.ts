import { createRoute, z } from "@hono/zod-openapi";
import { importedStatuses, type ReadFile, rowErrorSchema } from "../../agents/lead-gen/import/import.schemas.ts";
import { planPage } from "../../agents/lead-gen/import/plan-page.ts";
import { readFile } from "../../agents/lead-gen/import/read-file.ts";
import { createUpload } from "../../agents/lead-gen/import/upload.ts";
import { chunked } from "../../core/chunked.ts";
import { invalid } from "../../core/errors.ts";
import { QUEUE_PATIENCE_MS } from "../../core/kernel/jobs.ts";
import type { TenantMemory } from "../../core/memory/memory.ts";
import { memoryOf, requires } from "../middleware/auth.ts";
import { accepts } from "../middleware/body.ts";
import { idempotent } from "../middleware/idempotency.ts";
import { bearer, createRouter, json, problems, projectIdSchema } from "../router.ts";

const MOST_ERRORS = 100;
/** Leads that are compared with those of the project in one trip. */
const LEADS_A_LOOK = 500;

const checkedSchema = z
  .object({
    rows: z.number().int(),
    created: z.number().int().openapi({ description: "Leads that would be new" }),
    joined: z.number().int().openapi({ description: "Leads that are there, to which something would be added" }),
    unchanged: z.number().int(),
    repeated: z.number().int().openapi({ description: "Rows about somebody of whom an earlier row is" }),
    error_count: z.number().int(),
    errors: z.array(rowErrorSchema).openapi({ description: "The first hundred; rows as a spreadsheet counts them" }),
    columns: z.array(z.object({ heading: z.string(), as: z.string().nullable() })).openapi({ description: "What each was taken for; null: kept under its own heading" }),
  })
  .openapi("LeadImportCheck");

const post = createRoute({
  method: "post",
  path: "/api/entities/import",
  summary: "Leads from a CSV file: checked (`dry_run`), or stored by a run. Nobody is rung",
  description:
    "The first row has headings: name, phone, email, message, service, place, status, source, amount, last contacted, in any order and in the words of most languages; others are kept as they are. A row needs a phone or an e-mail address. " +
    "Somebody who is a lead already (same phone; where one side has none, same e-mail address) is joined: what is missing is added, what is there stays. 10,000 rows and 4 MiB at most.",
  security: bearer,
  middleware: [requires(), accepts("text/csv"), idempotent] as const,
  request: {
    query: z.object({
      project_id: projectIdSchema,
      dry_run: z.enum(["true", "false"]).default("false"),
      status: z.enum(importedStatuses).default("new").openapi({ description: "Of rows that say none" }),
    }),
    body: { required: true, content: { "text/csv": { schema: z.string() } } },
  },
  responses: { 200: json(checkedSchema, "Checked; nothing is stored"), 202: json(z.object({ run_id: z.string(), status: z.string() }), "Being stored"), ...problems(400, 401, 403, 404, 413, 415, 422) },
});

/** Spreadsheets that know no UTF-8 write Windows' own alphabet. */
const textIn = (bytes: ArrayBuffer): string => {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
};

const check = async (memory: TenantMemory, projectId: string, { rows, leads, repeated, errors, columns }: ReadFile) => {
  const counts = { created: 0, joined: 0, unchanged: 0 };
  for (const some of chunked(leads, LEADS_A_LOOK)) {
    const plan = await planPage(memory.leadImports, projectId, some);
    counts.created += plan.created.length;
    counts.joined += plan.joined.length;
    counts.unchanged += plan.unchanged;
  }
  return { rows, ...counts, repeated, error_count: errors.length, errors: errors.slice(0, MOST_ERRORS), columns };
};

export const entitiesImportRoutes = createRouter().openapi(post, async (c) => {
  const memory = memoryOf(c);
  const { jobs, storage } = c.var.services;
  const { project_id, dry_run, status } = c.req.valid("query");
  const project = await memory.projects.get(project_id);
  const text = textIn(await c.req.arrayBuffer());
  const file = readFile(text, { country: project.country, status });
  if (dry_run === "true") return c.json(await check(memory, project.id, file), 200);
  if (file.leads.length === 0) throw invalid(file.errors.slice(0, MOST_ERRORS).map(({ row, message }) => ({ path: `row ${row}`, message })));
  // First the run, so that no file lies anywhere without one; a run that finds none says so.
  const { run } = await memory.runs.create({ project_id: project.id, task: "lead_import", action: "import", params: { status } }, QUEUE_PATIENCE_MS);
  await createUpload(storage, { tenant_id: memory.tenantId, run_id: run.id }).keep(text);
  await jobs.enqueue(run);
  return c.json({ run_id: run.id, status: run.status }, 202);
});
