export const reactivate = { title: "Reactivate" } as const;
