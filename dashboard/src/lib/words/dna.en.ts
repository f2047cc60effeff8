export const dna = { title: "DNA" } as const;
