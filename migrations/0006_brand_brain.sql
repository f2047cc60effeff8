CREATE TABLE `context_passages` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`project_id` text NOT NULL,
	`type` text NOT NULL,
	`source` text NOT NULL,
	`version` text,
	`text` text NOT NULL,
	`hash` text NOT NULL,
	`model` text NOT NULL,
	`dimensions` integer NOT NULL,
	`state` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`project_id`,`tenant_id`) REFERENCES `projects`(`id`,`tenant_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `context_passages_content` ON `context_passages` (`project_id`,`source`,`model`,`dimensions`,`type`,`hash`) WHERE state <> 'removing';--> statement-breakpoint
CREATE INDEX `context_passages_work` ON `context_passages` (`project_id`,`state`,`id`) WHERE state <> 'ready';--> statement-breakpoint
CREATE INDEX `context_passages_tenant` ON `context_passages` (`tenant_id`,`id`);--> statement-breakpoint
CREATE TABLE `context_projects` (
	`project_id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`followed` text,
	`spaces` text,
	`lease_holder` text,
	`lease_until` integer NOT NULL,
	FOREIGN KEY (`project_id`,`tenant_id`) REFERENCES `projects`(`id`,`tenant_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `context_projects_tenant` ON `context_projects` (`tenant_id`);