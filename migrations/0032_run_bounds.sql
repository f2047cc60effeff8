DROP INDEX `runs_parked`;--> statement-breakpoint
ALTER TABLE `runs` ADD `parked_most` integer DEFAULT 4 NOT NULL;--> statement-breakpoint
CREATE INDEX `runs_parked` ON `runs` (`tenant_id`,"parked_most" desc,`id`) WHERE parked_at IS NOT NULL;