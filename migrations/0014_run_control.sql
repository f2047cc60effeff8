ALTER TABLE `runs` ADD `parked_at` integer;--> statement-breakpoint
ALTER TABLE `runs` ADD `canceled_at` integer;--> statement-breakpoint
ALTER TABLE `runs` ADD `request_id` text;--> statement-breakpoint
CREATE INDEX `runs_parked` ON `runs` (`tenant_id`,`id`) WHERE parked_at IS NOT NULL;--> statement-breakpoint
CREATE INDEX `runs_running` ON `runs` (`tenant_id`) WHERE status = 'running';--> statement-breakpoint
CREATE INDEX `runs_dead` ON `runs` (`tenant_id`,`id`) WHERE status = 'dead';