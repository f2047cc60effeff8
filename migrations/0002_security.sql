CREATE TABLE `audit_seals` (
	`tenant_id` text NOT NULL,
	`seq` integer NOT NULL,
	`prev_hash` text NOT NULL,
	`entries` text NOT NULL,
	`last_id` text NOT NULL,
	`last_hash` text NOT NULL,
	`last_at` integer NOT NULL,
	`sealed_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `seq`)
);
--> statement-breakpoint
CREATE TABLE `exports` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`run_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`size_bytes` integer,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `exports_tenant` ON `exports` (`tenant_id`,`id`);--> statement-breakpoint
CREATE INDEX `exports_expiry` ON `exports` (`expires_at`);--> statement-breakpoint
CREATE TABLE `secrets` (
	`project_id` text NOT NULL,
	`tenant_id` text NOT NULL,
	`name` text NOT NULL,
	`sealed` text NOT NULL,
	`shown` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`project_id`, `name`),
	FOREIGN KEY (`project_id`,`tenant_id`) REFERENCES `projects`(`id`,`tenant_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `sweep_marks` (
	`name` text PRIMARY KEY NOT NULL,
	`position` text NOT NULL
);
--> statement-breakpoint
DROP INDEX `audit_tenant`;--> statement-breakpoint
CREATE INDEX `audit_tenant` ON `audit` (`tenant_id`);--> statement-breakpoint
ALTER TABLE `tenants` ADD `plan` text DEFAULT 'standard' NOT NULL;--> statement-breakpoint
ALTER TABLE `tenants` ADD `suspended_at` integer;--> statement-breakpoint
ALTER TABLE `tenants` ADD `deleted_at` integer;