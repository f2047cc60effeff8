ALTER TABLE `calls` ADD `metered_at` integer;--> statement-breakpoint
CREATE INDEX `calls_unmetered` ON `calls` (`ended_at`) WHERE ended_at IS NOT NULL AND metered_at IS NULL;--> statement-breakpoint
ALTER TABLE `messages` ADD `metered_at` integer;--> statement-breakpoint
CREATE INDEX `messages_unmetered` ON `messages` (`created_at`) WHERE sid IS NOT NULL AND metered_at IS NULL;