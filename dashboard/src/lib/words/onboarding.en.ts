export const onboarding = { title: "Set up" } as const;
