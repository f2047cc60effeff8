/** Work that a project's DNA asks for again and again. */
export const scheduledJobs = ["sniper", "reactivation"] as const;
export type ScheduledJob = (typeof scheduledJobs)[number];
