CREATE TABLE `figure_marks` (
	`tenant_id` text NOT NULL,
	`project_id` text,
	`project_key` text GENERATED ALWAYS AS ((coalesce(project_id, ''))) VIRTUAL,
	`hour` integer NOT NULL,
	`version` text NOT NULL,
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`project_id`,`tenant_id`) REFERENCES `projects`(`id`,`tenant_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `figure_marks_place` ON `figure_marks` (`tenant_id`,`project_key`,`hour`);--> statement-breakpoint
CREATE INDEX `figure_marks_hour` ON `figure_marks` (`hour`);--> statement-breakpoint
CREATE TABLE `figures` (
	`tenant_id` text NOT NULL,
	`project_id` text,
	`project_key` text GENERATED ALWAYS AS ((coalesce(project_id, ''))) VIRTUAL,
	`grain` text NOT NULL,
	`first_hour` integer NOT NULL,
	`end_hour` integer NOT NULL,
	`zone` text NOT NULL,
	`version` text NOT NULL,
	`rollup` text NOT NULL,
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`project_id`,`tenant_id`) REFERENCES `projects`(`id`,`tenant_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `figures_place` ON `figures` (`tenant_id`,`project_key`,`grain`,`first_hour`);--> statement-breakpoint
ALTER TABLE `calls` ADD `page_id` text;--> statement-breakpoint
CREATE INDEX `calls_page` ON `calls` (`project_id`,`id`) WHERE page_id IS NOT NULL;--> statement-breakpoint
ALTER TABLE `phone_numbers` ADD `page_id` text;--> statement-breakpoint
CREATE INDEX `phone_numbers_page` ON `phone_numbers` (`page_id`) WHERE page_id IS NOT NULL;--> statement-breakpoint
ALTER TABLE `hosted_pages` ADD `canonical` text;--> statement-breakpoint
CREATE INDEX `runs_task` ON `runs` (`project_id`,`task`,`id`);