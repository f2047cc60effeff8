import type { Role } from "../core/security/tokens.ts";

export const SCOPES = ["leads:read", "leads:write", "calls:read", "runs:write", "dna:write", "admin"] as const;
export type Scope = (typeof SCOPES)[number];

/** What a role may do (API.md, "Authentication"). */
export const SCOPES_OF_ROLE: Record<Role, readonly Scope[]> = {
  owner: SCOPES,
  admin: SCOPES,
  agent: SCOPES.filter((scope) => scope !== "admin"),
  viewer: ["leads:read", "calls:read"],
};
