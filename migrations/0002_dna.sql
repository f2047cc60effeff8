CREATE TABLE `dna_versions` (
	`version` text NOT NULL,
	`tenant_id` text NOT NULL,
	`project_id` text NOT NULL,
	`layer` text NOT NULL,
	`author` text NOT NULL,
	`created_at` integer NOT NULL,
	`previous` text,
	`restored_from` text,
	`bytes` integer NOT NULL,
	PRIMARY KEY(`project_id`, `layer`, `version`),
	FOREIGN KEY (`project_id`,`tenant_id`) REFERENCES `projects`(`id`,`tenant_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `dna_versions_tenant` ON `dna_versions` (`tenant_id`);