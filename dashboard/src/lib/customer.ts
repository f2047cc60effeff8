import { t } from "./words.ts";

/** What a customer is called where a name is shown: by their name, else by the number that they rang from. */
export const customerName = (lead: { name: string; phone: string | null } | null | undefined): string => {
  const name = lead?.name.trim() ?? "";
  return name === "" ? (lead?.phone ?? t("calls.unknown")) : name;
};
