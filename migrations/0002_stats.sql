ALTER TABLE `calls` ADD `source` text;--> statement-breakpoint
ALTER TABLE `calls` ADD `person` text;--> statement-breakpoint
ALTER TABLE `calls` ADD `canary` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `projects` ADD `canary_due_at` integer;--> statement-breakpoint
ALTER TABLE `projects` ADD `canary_last_at` integer;--> statement-breakpoint
ALTER TABLE `projects` ADD `canary_failed_at` integer;--> statement-breakpoint
ALTER TABLE `projects` ADD `canary_detail` text;--> statement-breakpoint
CREATE INDEX `projects_canary_due` ON `projects` (`canary_due_at`) WHERE canary_due_at IS NOT NULL;