/** Letters and digits of any name, joined by dashes, with `tag` behind: the project's name in addresses, which nobody has to think of. */
export const projectIdFrom = (name: string, tag: string): string => {
  const plain = name.normalize("NFKD").replaceAll(/\p{Mark}+/gu, "").replaceAll(/[^\p{Letter}\p{Number}]+/gu, "-").replaceAll(/[^a-zA-Z0-9-]/g, "").toLowerCase();
  return [plain.replaceAll(/-+/g, "-").replaceAll(/^-|-$/g, "").slice(0, 40) || "business", tag].join("-");
};

export const newTag = (): string => crypto.randomUUID().slice(0, 6);
