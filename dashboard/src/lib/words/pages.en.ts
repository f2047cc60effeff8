export const pages = { title: "Pages" } as const;
