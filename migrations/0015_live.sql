CREATE TABLE `live_changes` (
	`project_id` text NOT NULL,
	`tenant_id` text NOT NULL,
	`kind` text NOT NULL,
	`row_id` text NOT NULL,
	`seq` integer NOT NULL,
	PRIMARY KEY(`project_id`, `kind`, `row_id`),
	FOREIGN KEY (`project_id`,`tenant_id`) REFERENCES `projects`(`id`,`tenant_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `live_changes_seq` ON `live_changes` (`project_id`,`seq`);--> statement-breakpoint
CREATE TABLE `live_watches` (
	`project_id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`active` integer NOT NULL,
	`seq` integer NOT NULL,
	`replay_from` integer NOT NULL,
	`until` integer NOT NULL,
	FOREIGN KEY (`project_id`,`tenant_id`) REFERENCES `projects`(`id`,`tenant_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `live_watches_until` ON `live_watches` (`until`) WHERE active = 1;