import type { z } from "zod";
import { AppError } from "../../../core/errors.ts";
import { type Agent, type AgentContext, action, later } from "../../../core/kernel/agent.ts";
import type { AgentTools } from "../../tools.ts";
import { importParams } from "./import.schemas.ts";
import { deliveryKeyOf, planPage, toAdd, toImport } from "./plan-page.ts";
import { readFile } from "./read-file.ts";
import { createUpload } from "./upload.ts";

const LEADS_A_PAGE = 100;
const PAGES_AN_ATTEMPT = 20;
const MOST_ERRORS = 100;

/**
 * Stores the leads of a file, a page at a time. One that dies does its page again: what was stored is known by the import's own names and
 * counted once. Nobody is rung.
 */
const importLeads = async ({ memory, project, tools, runId, report }: AgentContext<AgentTools>, { status }: z.infer<typeof importParams>): Promise<unknown> => {
  const upload = createUpload(tools.storage, { tenant_id: memory.tenantId, run_id: runId });
  const text = await upload.file();
  if (text === null) throw new AppError({ code: "upload_lost", status: 422, message: "The file did not arrive whole. Nothing was imported from here on; import it again." });
  const { rows, leads, repeated, errors } = readFile(text, { country: project.country, status });
  const progress = await upload.progress();
  for (let page = 0; progress.next < leads.length; page++) {
    if (page >= PAGES_AN_ATTEMPT) return later(0);
    const some = leads.slice(progress.next, progress.next + LEADS_A_PAGE);
    const stored = await memory.leadImports.delivered(project.id, some.map(({ row }) => deliveryKeyOf(runId, row)));
    const isStored = ({ row }: { row: number }): boolean => stored.has(deliveryKeyOf(runId, row));
    const plan = await planPage(memory.leadImports, project.id, some.filter((lead) => !isStored(lead)));
    await memory.leadImports.put(project.id, runId, { created: plan.created.map((lead) => toImport(lead, runId)), joined: plan.joined.map(({ lead, known }) => toAdd(lead, known)) });
    progress.created += plan.created.length + stored.size;
    progress.joined += plan.joined.length;
    progress.unchanged += plan.unchanged;
    progress.next += some.length;
    await upload.save(progress);
    await report({ done: progress.next, total: leads.length, label: `${progress.created} new, ${progress.joined} joined` });
  }
  const { created, joined, unchanged } = progress;
  const result = { rows, created, joined, unchanged, repeated, error_count: errors.length, errors: errors.slice(0, MOST_ERRORS) };
  await upload.clear();
  return result;
};

/** Leads from a file. The house starts it once it has the file (`POST /api/entities/import`). */
export const leadImportAgent: Agent<AgentTools> = {
  task: "lead_import",
  internal: true,
  defaultAction: "import",
  actions: { import: action(importParams, importLeads) },
};
