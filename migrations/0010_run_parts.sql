DROP INDEX `runs_parent`;--> statement-breakpoint
ALTER TABLE `runs` ADD `failures` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `runs_parent` ON `runs` (`parent_id`,`status`) WHERE parent_id IS NOT NULL;