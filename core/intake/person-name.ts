/**
 * One name of the parts that a form asked for. A field called "name" is the whole name by itself, but the family name next to
 * a first name (French "Nom" and "Prénom"), and the first name next to a last one (Spanish "Nombre" and "Apellidos").
 */
export const joinName = ({ full = "", first = "", last = "" }: { full?: string | undefined; first?: string | undefined; last?: string | undefined }): string => {
  if (full === "") return [first, last].filter((part) => part !== "").join(" ");
  if (first !== "" && last === "" && !includes(full, first)) return `${first} ${full}`;
  if (last !== "" && first === "" && !includes(full, last)) return `${full} ${last}`;
  return full;
};

const includes = (full: string, part: string): boolean => full.toLowerCase().includes(part.toLowerCase());
