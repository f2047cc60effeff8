CREATE TABLE `blocklist` (
	`tenant_id` text NOT NULL,
	`project_id` text NOT NULL,
	`phone` text NOT NULL,
	`reason` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`project_id`, `phone`),
	FOREIGN KEY (`project_id`,`tenant_id`) REFERENCES `projects`(`id`,`tenant_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `messages` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`project_id` text NOT NULL,
	`lead_id` text,
	`call_id` text,
	`campaign_id` text,
	`direction` text NOT NULL,
	`party` text NOT NULL,
	`purpose` text NOT NULL,
	`phone_from` text NOT NULL,
	`phone_to` text NOT NULL,
	`body` text NOT NULL,
	`key` text,
	`sid` text,
	`status` text NOT NULL,
	`error_code` integer,
	`attempts` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`project_id`,`tenant_id`) REFERENCES `projects`(`id`,`tenant_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `messages_key` ON `messages` (`tenant_id`,`key`) WHERE key IS NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX `messages_sid` ON `messages` (`sid`) WHERE sid IS NOT NULL;--> statement-breakpoint
CREATE INDEX `messages_tenant` ON `messages` (`tenant_id`,`id`);--> statement-breakpoint
CREATE INDEX `messages_project` ON `messages` (`project_id`,`id`);--> statement-breakpoint
CREATE INDEX `messages_lead` ON `messages` (`lead_id`,`id`) WHERE lead_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `messages_to` ON `messages` (`project_id`,`phone_to`,`id`) WHERE direction = 'out';--> statement-breakpoint
CREATE INDEX `messages_from` ON `messages` (`project_id`,`phone_from`,`id`) WHERE direction = 'in';--> statement-breakpoint
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
CREATE INDEX `dna_versions_tenant` ON `dna_versions` (`tenant_id`);--> statement-breakpoint
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
ALTER TABLE `calls` ADD `source` text;--> statement-breakpoint
ALTER TABLE `calls` ADD `person` text;--> statement-breakpoint
ALTER TABLE `calls` ADD `canary` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `calls` ADD `recording_s` integer;--> statement-breakpoint
CREATE UNIQUE INDEX `calls_incoming` ON `calls` (`call_sid`) WHERE direction = 'inbound';--> statement-breakpoint
ALTER TABLE `opt_outs` ADD `kind` text DEFAULT 'opt_out' NOT NULL;--> statement-breakpoint
ALTER TABLE `projects` ADD `canary_due_at` integer;--> statement-breakpoint
ALTER TABLE `projects` ADD `canary_last_at` integer;--> statement-breakpoint
ALTER TABLE `projects` ADD `canary_failed_at` integer;--> statement-breakpoint
ALTER TABLE `projects` ADD `canary_detail` text;--> statement-breakpoint
CREATE INDEX `projects_canary_due` ON `projects` (`canary_due_at`) WHERE canary_due_at IS NOT NULL;--> statement-breakpoint
ALTER TABLE `tenants` ADD `plan` text DEFAULT 'standard' NOT NULL;--> statement-breakpoint
ALTER TABLE `tenants` ADD `suspended_at` integer;--> statement-breakpoint
ALTER TABLE `tenants` ADD `deleted_at` integer;--> statement-breakpoint
CREATE INDEX `entities_phone` ON `entities` (`project_id`,`phone`,`id`) WHERE phone IS NOT NULL;