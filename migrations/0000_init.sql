CREATE TABLE `audit` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`at` integer NOT NULL,
	`actor` text NOT NULL,
	`ip` text,
	`action` text NOT NULL,
	`resource` text NOT NULL,
	`details` text NOT NULL,
	`request_id` text
);
--> statement-breakpoint
CREATE INDEX `audit_tenant` ON `audit` (`tenant_id`,`id`);--> statement-breakpoint
CREATE TABLE `calls` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`project_id` text NOT NULL,
	`lead_id` text NOT NULL,
	`direction` text NOT NULL,
	`status` text NOT NULL,
	`end_reason` text,
	`next_due_at` integer,
	`received_at` integer NOT NULL,
	`ended_at` integer,
	`duration_s` integer,
	`call_sid` text,
	`parent_party` text,
	`recording_sid` text,
	`recording_key` text,
	`transcription` text,
	`analysis` text,
	`timeline` text NOT NULL,
	`latency` text NOT NULL,
	`revision` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`project_id`,`tenant_id`) REFERENCES `projects`(`id`,`tenant_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `calls_tenant` ON `calls` (`tenant_id`,`id`);--> statement-breakpoint
CREATE INDEX `calls_project` ON `calls` (`project_id`,`id`);--> statement-breakpoint
CREATE INDEX `calls_lead` ON `calls` (`lead_id`,`id`);--> statement-breakpoint
CREATE INDEX `calls_due` ON `calls` (`next_due_at`) WHERE next_due_at IS NOT NULL;--> statement-breakpoint
CREATE TABLE `entities` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`tenant_id` text NOT NULL,
	`project_id` text,
	`entity_type` text NOT NULL,
	`name` text NOT NULL,
	`primary_contact` text NOT NULL,
	`metadata` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`status` text GENERATED ALWAYS AS ((json_extract(metadata, '$.status'))) VIRTUAL,
	`phone` text GENERATED ALWAYS AS ((json_extract(metadata, '$.phone'))) VIRTUAL,
	`score` integer GENERATED ALWAYS AS ((json_extract(metadata, '$.score'))) VIRTUAL,
	`source_url` text GENERATED ALWAYS AS ((json_extract(metadata, '$.source_url'))) VIRTUAL,
	`dedupe_key` text GENERATED ALWAYS AS ((json_extract(metadata, '$.dedupe_key'))) VIRTUAL,
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`project_id`,`tenant_id`) REFERENCES `projects`(`id`,`tenant_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `entities_id_unique` ON `entities` (`id`);--> statement-breakpoint
CREATE INDEX `entities_tenant` ON `entities` (`tenant_id`,`id`);--> statement-breakpoint
CREATE INDEX `entities_tenant_type` ON `entities` (`tenant_id`,`entity_type`,`id`);--> statement-breakpoint
CREATE INDEX `entities_tenant_status` ON `entities` (`tenant_id`,`status`,`id`);--> statement-breakpoint
CREATE INDEX `entities_project` ON `entities` (`project_id`,`id`);--> statement-breakpoint
CREATE INDEX `entities_project_type` ON `entities` (`project_id`,`entity_type`,`id`);--> statement-breakpoint
CREATE INDEX `entities_project_status` ON `entities` (`project_id`,`status`,`id`);--> statement-breakpoint
CREATE INDEX `entities_dedupe` ON `entities` (`project_id`,`dedupe_key`,`created_at`) WHERE dedupe_key IS NOT NULL;--> statement-breakpoint
CREATE TABLE `idempotency` (
	`tenant_id` text NOT NULL,
	`key` text NOT NULL,
	`request_hash` text NOT NULL,
	`status` integer,
	`body` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `key`)
);
--> statement-breakpoint
CREATE TABLE `login_failures` (
	`id` text PRIMARY KEY NOT NULL,
	`subject` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `login_failures_subject` ON `login_failures` (`subject`,`at`);--> statement-breakpoint
CREATE TABLE `opt_outs` (
	`tenant_id` text NOT NULL,
	`phone` text NOT NULL,
	`channel` text NOT NULL,
	`reason` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `phone`, `channel`),
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `projects` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`name` text NOT NULL,
	`country` text NOT NULL,
	`dna_custom` text,
	`dna_generated` text,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `projects_tenant` ON `projects` (`tenant_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `projects_id_tenant` ON `projects` (`id`,`tenant_id`);--> statement-breakpoint
CREATE TABLE `runs` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`project_id` text,
	`task` text NOT NULL,
	`action` text,
	`params` text NOT NULL,
	`status` text NOT NULL,
	`attempts` integer NOT NULL,
	`next_due_at` integer,
	`idempotency_key` text,
	`parent_id` text,
	`progress` text NOT NULL,
	`result` text,
	`error` text,
	`created_at` integer NOT NULL,
	`started_at` integer,
	`finished_at` integer
);
--> statement-breakpoint
CREATE INDEX `runs_tenant` ON `runs` (`tenant_id`,`id`);--> statement-breakpoint
CREATE INDEX `runs_parent` ON `runs` (`parent_id`) WHERE parent_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `runs_due` ON `runs` (`next_due_at`) WHERE next_due_at IS NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX `runs_idempotency` ON `runs` (`tenant_id`,`idempotency_key`) WHERE idempotency_key IS NOT NULL;--> statement-breakpoint
CREATE TABLE `tenants` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `users` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`email` text NOT NULL,
	`name` text NOT NULL,
	`role` text NOT NULL,
	`password_hash` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_email_unique` ON `users` (`email`);--> statement-breakpoint
CREATE TABLE `webhook_keys` (
	`project_id` text NOT NULL,
	`tenant_id` text NOT NULL,
	`source` text NOT NULL,
	`key_hash` text NOT NULL,
	`key_sealed` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`project_id`, `source`),
	FOREIGN KEY (`project_id`,`tenant_id`) REFERENCES `projects`(`id`,`tenant_id`) ON UPDATE no action ON DELETE no action
);
