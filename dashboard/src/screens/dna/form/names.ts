import { choiceWords, fieldWords } from "@/lib/words/dna-fields.en";
import { t } from "@/lib/words";
import type { Path } from "../text/yaml-text.ts";

const readable = (key: string): string => {
  const words = key.replaceAll("_", " ").replace(/ s$/, ", seconds").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** What a value is called; the places of a list's items are no part of it. */
export const nameOf = (path: Path): string => {
  const keys = path.filter((key) => typeof key === "string");
  return fieldWords[keys.join(".")] ?? readable(keys.at(-1) ?? "");
};

export const choiceName = (value: string): string => choiceWords[value] ?? readable(value);

/** @param layer as the API names it, e.g. `vertical:plumber` */
export const layerName = (layer: string | null): string => {
  if (layer === null || layer === "") return t("dna.origin.none");
  const [kind = "", niche = ""] = layer.split(":");
  switch (kind) {
    case "custom":
    case "generated":
    case "defaults":
    case "project":
      return t(`dna.origin.${kind}`);
    default:
      return t("dna.origin.vertical", { niche });
  }
};
