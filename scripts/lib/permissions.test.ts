import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { renderPermissions } from "./permissions.ts";
import { ROOT } from "./wrangler.ts";

it("docs/permissions.md says what worker/policy.ts says (if not: npm run permissions)", () => {
  expect(readFileSync(path.join(ROOT, "docs/permissions.md"), "utf8")).toBe(renderPermissions());
});

it("a role has a mark where its scopes reach, and a key none where a person is needed", () => {
  const lineOf = (operation: string): string | undefined => renderPermissions().split("\n").find((line) => line.startsWith(`| \`${operation}\``));
  expect(lineOf("GET /api/calls")).toBe("| `GET /api/calls` | `calls:read` | ✓ | ✓ | ✓ | ✓ | ✓ |");
  expect(lineOf("POST /api/entities")).toBe("| `POST /api/entities` | `leads:write` | ✓ | ✓ | ✓ |  | ✓ |");
  expect(lineOf("GET /api/members")).toBe("| `GET /api/members` | `admin` | ✓ | ✓ |  |  |  |");
  expect(lineOf("DELETE /api/tenant")).toBe("| `DELETE /api/tenant` | `admin` | ✓ |  |  |  |  |");
});
