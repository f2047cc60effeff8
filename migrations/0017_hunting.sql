CREATE TABLE `lead_keys` (
	`project_id` text NOT NULL,
	`tenant_id` text NOT NULL,
	`kind` text NOT NULL,
	`hash` text NOT NULL,
	`lead_id` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`project_id`, `kind`, `hash`),
	FOREIGN KEY (`project_id`,`tenant_id`) REFERENCES `projects`(`id`,`tenant_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `lead_keys_lead` ON `lead_keys` (`lead_id`) WHERE lead_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `lead_keys_tenant` ON `lead_keys` (`tenant_id`);--> statement-breakpoint
CREATE TABLE `schedules` (
	`project_id` text NOT NULL,
	`tenant_id` text NOT NULL,
	`job` text NOT NULL,
	`due_at` integer NOT NULL,
	`last_at` integer,
	PRIMARY KEY(`project_id`, `job`),
	FOREIGN KEY (`project_id`,`tenant_id`) REFERENCES `projects`(`id`,`tenant_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `schedules_due` ON `schedules` (`due_at`);--> statement-breakpoint
CREATE INDEX `schedules_tenant` ON `schedules` (`tenant_id`);--> statement-breakpoint
CREATE INDEX `entities_found` ON `entities` (`project_id`,`id`) WHERE json_extract(metadata, '$.source') = 'sniper';--> statement-breakpoint
CREATE INDEX `entities_found_open` ON `entities` (`project_id`,`score`,`id`) WHERE json_extract(metadata, '$.source') = 'sniper' AND json_extract(metadata, '$.acted') IS NULL AND json_extract(metadata, '$.status') = 'new';