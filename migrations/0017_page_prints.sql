CREATE TABLE `page_bands` (
	`project_id` text NOT NULL,
	`tenant_id` text NOT NULL,
	`band` integer NOT NULL,
	`page_id` text NOT NULL,
	PRIMARY KEY(`project_id`, `band`, `page_id`),
	FOREIGN KEY (`project_id`,`tenant_id`) REFERENCES `projects`(`id`,`tenant_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `page_bands_page` ON `page_bands` (`page_id`);--> statement-breakpoint
CREATE TABLE `page_prints` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`page_id` text NOT NULL,
	`tenant_id` text NOT NULL,
	`project_id` text NOT NULL,
	`version` text NOT NULL,
	`signature` text NOT NULL,
	FOREIGN KEY (`project_id`,`tenant_id`) REFERENCES `projects`(`id`,`tenant_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `page_prints_page_id_unique` ON `page_prints` (`page_id`);--> statement-breakpoint
CREATE INDEX `page_prints_tenant` ON `page_prints` (`tenant_id`);