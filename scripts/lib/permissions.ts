import { type Role, ROLES, SCOPES, SCOPES_OF_ROLE } from "../../core/security/scopes.ts";
import { POLICIES, type Policy } from "../../worker/policy.ts";

const YES = "✓";
const NO = "";

const OUTSIDE = { public: "Anybody, within the throttles", vendor: "Vendors, by a project's key or Twilio's signature", operator: "The operator, by their secret (404 where none is set)" } as const;

const isOutside = (access: Policy["access"]): access is keyof typeof OUTSIDE => access in OUTSIDE;

const roleMay = (role: Role, { access, by }: Policy): boolean =>
  !isOutside(access) && (access === "signed-in" || SCOPES_OF_ROLE[role].includes(access)) && (by !== "owners" || role === "owner");

const row = (...cells: string[]): string => `| ${cells.join(" | ")} |`;

/** docs/permissions.md: what worker/policy.ts says, for people. */
export const renderPermissions = (): string => {
  const entries = Object.entries(POLICIES);
  const inside = entries.filter(([, { access }]) => !isOutside(access));
  return [
    "# Who may do what",
    "Printed from [worker/policy.ts](../worker/policy.ts) by `npm run permissions`; the middleware enforces the same table, and a test walks it.",
    "",
    "## Scopes of a role",
    row("scope", ...ROLES),
    row("---", ...ROLES.map(() => "---")),
    ...SCOPES.map((scope) => row(`\`${scope}\``, ...ROLES.map((role) => (SCOPES_OF_ROLE[role].includes(scope) ? YES : NO)))),
    "",
    "## With a token",
    "No token: 401. One that may not: 403. An API key can do what it was made for and its maker still may; where the last column is empty it takes a person's session.",
    "",
    row("operation", "needs", ...ROLES, "API key"),
    row("---", "---", ...ROLES.map(() => "---"), "---"),
    ...inside.map(([operation, policy]) => row(`\`${operation}\``, policy.access === "signed-in" ? "any" : `\`${policy.access}\``, ...ROLES.map((role) => (roleMay(role, policy) ? YES : NO)), policy.by === "any" ? YES : NO)),
    ...Object.entries(OUTSIDE).flatMap(([access, title]) => ["", `## ${title}`, ...entries.filter(([, policy]) => policy.access === access).map(([operation]) => `- \`${operation}\``)]),
    "",
  ].join("\n");
};
