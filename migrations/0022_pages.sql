CREATE TABLE `leases` (
	`tenant_id` text NOT NULL,
	`project_id` text NOT NULL,
	`name` text NOT NULL,
	`holder` text NOT NULL,
	`lease_until` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `name`),
	FOREIGN KEY (`project_id`,`tenant_id`) REFERENCES `projects`(`id`,`tenant_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `leases_project` ON `leases` (`project_id`);--> statement-breakpoint
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
CREATE INDEX `page_prints_tenant` ON `page_prints` (`tenant_id`);--> statement-breakpoint
CREATE TABLE `hosted_pages` (
	`project_id` text NOT NULL,
	`path` text NOT NULL,
	`tenant_id` text NOT NULL,
	`page_id` text NOT NULL,
	`state` text NOT NULL,
	`sha256` text NOT NULL,
	`moved_to` text,
	`created_at` integer NOT NULL,
	`modified_at` integer NOT NULL,
	PRIMARY KEY(`project_id`, `path`),
	FOREIGN KEY (`project_id`,`tenant_id`) REFERENCES `projects`(`id`,`tenant_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `hosted_pages_live` ON `hosted_pages` (`project_id`,`page_id`) WHERE state = 'live';--> statement-breakpoint
CREATE INDEX `hosted_pages_page` ON `hosted_pages` (`page_id`);--> statement-breakpoint
CREATE TABLE `page_hosts` (
	`host` text NOT NULL,
	`tenant_id` text NOT NULL,
	`project_id` text NOT NULL,
	`kind` text NOT NULL,
	`challenge` text,
	`verified_at` integer,
	`preferred_at` integer,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`host`, `project_id`),
	FOREIGN KEY (`project_id`,`tenant_id`) REFERENCES `projects`(`id`,`tenant_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `page_hosts_serving` ON `page_hosts` (`host`) WHERE verified_at IS NOT NULL;--> statement-breakpoint
CREATE INDEX `page_hosts_project` ON `page_hosts` (`project_id`);--> statement-breakpoint
CREATE TABLE `page_views` (
	`project_id` text NOT NULL,
	`page_id` text NOT NULL,
	`day` text NOT NULL,
	`tenant_id` text NOT NULL,
	`views` integer NOT NULL,
	PRIMARY KEY(`project_id`, `page_id`, `day`),
	FOREIGN KEY (`project_id`,`tenant_id`) REFERENCES `projects`(`id`,`tenant_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `page_views_day` ON `page_views` (`project_id`,`day`);