import { textOf } from "@/lib/format";
import type { DnaParts, Hours, Service } from "./setup.schemas.ts";

/** What is checked: a value of the DNA by its path, and how it is edited. */
export type Fact =
  | { id: FactId; path: string; kind: "text"; value: string }
  | { id: FactId; path: string; kind: "list"; value: readonly string[] }
  | { id: FactId; path: string; kind: "hours"; value: Hours };
export type FactId = "name" | "niche" | "phone" | "email" | "address" | "website" | "hours" | "differentiators" | "cities" | "suburbs";

export const SERVICES_PATH = "services";
export type Draft = { path: string; kind: "services"; value: readonly Service[] } | Fact;

export const factsOf = ({ identity, brand_brain, modules }: DnaParts): Fact[] => {
  const { cities = [], suburbs = [] } = modules.local_seo.scout_settings?.geo_scope ?? {};
  const text = (id: FactId, path: string, value: unknown): Fact => ({ id, path, kind: "text", value: textOf(value) ?? "" });
  const list = (id: FactId, path: string, value: readonly string[]): Fact => ({ id, path, kind: "list", value });
  return [
    text("name", "identity.business_name", identity.business_name),
    text("niche", "identity.niche", identity.niche),
    text("phone", "identity.contact.phone", identity.contact?.phone),
    text("email", "identity.contact.email", identity.contact?.email),
    text("address", "identity.contact.address", identity.contact?.address),
    text("website", "identity.website", identity.website),
    { id: "hours", path: "identity.opening_hours", kind: "hours", value: identity.opening_hours ?? {} },
    list("cities", "modules.local_seo.scout_settings.geo_scope.cities", cities),
    list("suburbs", "modules.local_seo.scout_settings.geo_scope.suburbs", suburbs),
    list("differentiators", "brand_brain.key_differentiators", brand_brain.key_differentiators),
  ];
};

const CLOSED_DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** What is sent: without empty lines; null takes the owner's word back, so that what was read speaks again. */
export const sayable = (draft: Draft): unknown => {
  if (draft.kind === "text") return draft.value.trim() === "" ? null : draft.value.trim();
  if (draft.kind === "list") return draft.value.map((line) => line.trim()).filter((line) => line !== "");
  if (draft.kind === "services") return draft.value.filter(({ name }) => name.trim() !== "");
  const { value } = draft;
  return Object.fromEntries(CLOSED_DAYS.map((day) => [day, value[day] ?? []]));
};
