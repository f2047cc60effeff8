import { z } from "zod";
import { makeProject } from "../../test/support/api.ts";

export const YAML = { "Content-Type": "application/yaml" };
export const PATCH = { "Content-Type": "application/merge-patch+json" };
export const versionSchema = z.object({ version: z.string(), author: z.string(), created_at: z.iso.datetime(), previous: z.string().nullable(), restored_from: z.string().nullable(), bytes: z.number(), current: z.boolean() });
const pageSchema = z.object({ items: z.array(versionSchema), next_cursor: z.string().nullable() });

export const OWNERS = `# Ours. Ask Dana before you change the phones!
identity:
  niche: plumber # since 1987
modules:
  lead_gen:
    sales_bridge:
      # nights too
      destination_phone: "+64211234567"
`;

export const open = async (text = OWNERS) => {
  const project = await makeProject(text);
  const path = `/api/projects/${project.id}/dna`;
  return {
    project,
    path,
    get: async (rest: string, headers: Record<string, string> = {}) => project.api("GET", `${path}${rest}`, undefined, headers),
    put: async (text: string, headers: Record<string, string> = {}) => project.api("PUT", `${path}/custom`, text, { ...YAML, ...headers }),
    patch: async (body: unknown, headers: Record<string, string> = {}) => project.api("PATCH", `${path}/custom`, body, { ...PATCH, ...headers }),
    restore: async (version: string, headers: Record<string, string> = {}) => project.api("POST", `${path}/custom/restore`, { version }, headers),
    versions: async (query = "") => pageSchema.parse(await (await project.api("GET", `${path}/custom/versions${query}`)).json()),
    etag: async () => (await project.api("GET", `${path}/custom`)).headers.get("ETag") ?? "",
  };
};
