CREATE TABLE `alerts` (
	`rule` text NOT NULL,
	`since` integer NOT NULL,
	`detail` text NOT NULL,
	`until` integer,
	`told_at` integer,
	`recovery_told_at` integer,
	PRIMARY KEY(`rule`, `since`)
);
--> statement-breakpoint
CREATE TABLE `service_minutes` (
	`minute` integer PRIMARY KEY NOT NULL,
	`requests` integer NOT NULL,
	`errors` integer NOT NULL,
	`slow` integer NOT NULL,
	`leads` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `calls` ADD `metered_at` integer;--> statement-breakpoint
CREATE INDEX `calls_unmetered` ON `calls` (`ended_at`) WHERE ended_at IS NOT NULL AND metered_at IS NULL;--> statement-breakpoint
ALTER TABLE `runs` ADD `parked_at` integer;--> statement-breakpoint
ALTER TABLE `runs` ADD `canceled_at` integer;--> statement-breakpoint
ALTER TABLE `runs` ADD `request_id` text;--> statement-breakpoint
CREATE INDEX `runs_parked` ON `runs` (`tenant_id`,`id`) WHERE parked_at IS NOT NULL;--> statement-breakpoint
CREATE INDEX `runs_running` ON `runs` (`tenant_id`) WHERE status = 'running';--> statement-breakpoint
CREATE INDEX `runs_died` ON `runs` (`finished_at`) WHERE status = 'dead';--> statement-breakpoint
CREATE INDEX `runs_dead` ON `runs` (`tenant_id`,`id`) WHERE status = 'dead';--> statement-breakpoint
ALTER TABLE `messages` ADD `metered_at` integer;--> statement-breakpoint
CREATE INDEX `messages_unmetered` ON `messages` (`created_at`) WHERE sid IS NOT NULL AND metered_at IS NULL;--> statement-breakpoint
CREATE INDEX `projects_canary_failed` ON `projects` (`canary_failed_at`) WHERE canary_failed_at IS NOT NULL;--> statement-breakpoint
CREATE INDEX `spend_warned` ON `spend` (`warned_at`) WHERE warned_at IS NOT NULL;