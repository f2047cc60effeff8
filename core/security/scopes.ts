export const ROLES = ["owner", "admin", "agent", "viewer"] as const;
export type Role = (typeof ROLES)[number];

export const SCOPES = ["leads:read", "leads:write", "calls:read", "runs:write", "dna:write", "admin"] as const;
export type Scope = (typeof SCOPES)[number];

/** What a role may do (API.md, "Authentication"). */
export const SCOPES_OF_ROLE: Readonly<Record<Role, readonly Scope[]>> = {
  owner: SCOPES,
  admin: SCOPES,
  agent: SCOPES.filter((scope) => scope !== "admin"),
  viewer: ["leads:read", "calls:read"],
};

/** What a key may do now: what it was made for, less what its maker may no longer do themselves. */
export const scopesOfKey = (granted: readonly string[], makersRole: Role): Scope[] => SCOPES_OF_ROLE[makersRole].filter((scope) => granted.includes(scope));
