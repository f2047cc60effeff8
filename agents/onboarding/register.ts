import { newSealedWebhookKey } from "../../core/security/webhook-keys.ts";
import type { Vault } from "../../core/security/vault.ts";
import { type Project, WEBHOOK_SOURCES } from "../../core/memory/projects.store.ts";
import type { TenantMemory } from "../../core/memory/memory.ts";
import type { Business } from "./onboarding.schemas.ts";

/**
 * The tenant's project of that id, made with its webhook keys where there is none.
 * @throws AppError 409 `project_taken` when another tenant has one
 */
export const registerProject = async ({ memory, vault }: { memory: TenantMemory; vault: Pick<Vault, "seal"> }, id: string, { business_name: name, country }: Pick<Business, "business_name" | "country">): Promise<Project> => {
  const known = await memory.projects.find(id);
  if (known !== undefined) return known;
  const keys = await Promise.all(WEBHOOK_SOURCES.map(async (source) => newSealedWebhookKey(vault, { tenant_id: memory.tenantId, project_id: id }, source)));
  return memory.projects.create({ id, name, country, keys: keys.map(({ source, key_hash, key_sealed }) => ({ source, key_hash, key_sealed })) });
};
