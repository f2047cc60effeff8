import { z } from "zod";
import type { SystemContext } from "../../core/kernel/agent.ts";
import { notFound } from "../../core/errors.ts";
import { exportedTables } from "../../core/memory/tenant-tables.ts";
import { belongsTo, folderOf } from "../../core/memory/tenant-storage.ts";
import { type TarEntry, tarStream } from "../../core/tar.ts";
import type { AgentTools } from "../tools.ts";

export const exportParams = z.object({ export_id: z.string().regex(/^exp_[a-z0-9]{1,60}$/) });

/** Where an archive lies: never among what it holds. */
const exportFolder = (tenantId: string): string => folderOf(tenantId, "exports");
export const exportKey = (tenantId: string, exportId: string): string => `${exportFolder(tenantId)}${exportId}.tar`;

const encoder = new TextEncoder();
/** Part of a recording's key, and its name in the archive: the call and Twilio's SID. */
const nameOf = (tenantId: string, key: string): string => key.slice(folderOf(tenantId).length).replaceAll(/[^A-Za-z0-9/._-]/g, "_").slice(-100);

async function* tableEntries({ memory, tools }: SystemContext<AgentTools>): AsyncGenerator<TarEntry> {
  const modified_at = tools.clock.now();
  for (const { name } of exportedTables()) {
    let after = 0;
    for (let part = 1; ; part++) {
      const { rows, last } = await memory.tenant.rowsOf(name, after);
      // A table without rows is a file too: that there is nothing is an answer.
      if (last === null && part > 1) break;
      const content = encoder.encode(rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
      yield { name: `tables/${name}/${String(part).padStart(6, "0")}.jsonl`, size: content.byteLength, modified_at, content };
      if (last === null) break;
      after = last;
    }
  }
}

/** DNA and recordings as they are stored; whatever else lies in the tenant's folder comes along by itself. */
async function* storedEntries({ memory, tools }: SystemContext<AgentTools>): AsyncGenerator<TarEntry> {
  let cursor: string | undefined;
  do {
    const page = await tools.storage.list({ prefix: folderOf(memory.tenantId), limit: 500, ...(cursor === undefined ? {} : { cursor }) });
    for (const { key } of page.objects) {
      if (key.startsWith(exportFolder(memory.tenantId)) || !belongsTo(memory.tenantId, key)) continue;
      const opened = await tools.recordings.open(key);
      // Erased since it was listed.
      if (opened.kind !== "full") continue;
      yield { name: nameOf(memory.tenantId, key), size: opened.size, modified_at: tools.clock.now(), content: opened.stream };
    }
    cursor = page.truncated ? page.cursor : undefined;
  } while (cursor !== undefined);
}

async function* everything(context: SystemContext<AgentTools>): AsyncGenerator<TarEntry> {
  yield* tableEntries(context);
  yield* storedEntries(context);
}

/** One archive of all that the tenant has, streamed into storage. An interrupted one is begun anew; nothing shows before it is whole. */
export const exportTenant = async (context: SystemContext<AgentTools>, { export_id }: z.infer<typeof exportParams>) => {
  const { memory, tools } = context;
  if (!(await memory.tenant.findExport(export_id))) throw notFound("export");
  const { size } = await tools.recordings.saveStream({ key: exportKey(memory.tenantId, export_id), body: tarStream(everything(context)), contentLength: null, contentType: "application/x-tar" });
  await memory.tenant.finishExport(export_id, size);
  return { export_id, size_bytes: size };
};
