export const hunt = { title: "Hunt" } as const;
