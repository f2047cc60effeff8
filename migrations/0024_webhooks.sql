CREATE TABLE `webhook_deliveries` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`endpoint_id` text NOT NULL,
	`project_id` text,
	`type` text NOT NULL,
	`resource_id` text NOT NULL,
	`change` text,
	`at` integer NOT NULL,
	`status` text NOT NULL,
	`attempts` integer NOT NULL,
	`tries` text NOT NULL,
	`next_at` integer,
	`finished_at` integer,
	`run_id` text,
	FOREIGN KEY (`endpoint_id`,`tenant_id`) REFERENCES `webhook_endpoints`(`id`,`tenant_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `webhook_deliveries_endpoint` ON `webhook_deliveries` (`endpoint_id`,`id`);--> statement-breakpoint
CREATE INDEX `webhook_deliveries_due` ON `webhook_deliveries` (`endpoint_id`,`next_at`) WHERE next_at IS NOT NULL;--> statement-breakpoint
CREATE INDEX `webhook_deliveries_failed` ON `webhook_deliveries` (`endpoint_id`,`id`) WHERE status = 'failed';--> statement-breakpoint
CREATE INDEX `webhook_deliveries_over` ON `webhook_deliveries` (`finished_at`) WHERE finished_at IS NOT NULL;--> statement-breakpoint
CREATE TABLE `webhook_endpoints` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`project_id` text,
	`url` text NOT NULL,
	`description` text NOT NULL,
	`events` text NOT NULL,
	`secret_sealed` text NOT NULL,
	`old_secret_sealed` text,
	`old_secret_until` integer,
	`disabled_at` integer,
	`disabled_why` text,
	`told_at` integer,
	`failing_since` integer,
	`failures` integer NOT NULL,
	`hold_until` integer,
	`due_at` integer,
	`courier_run_id` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`project_id`,`tenant_id`) REFERENCES `projects`(`id`,`tenant_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `webhook_endpoints_tenant` ON `webhook_endpoints` (`tenant_id`,`id`);--> statement-breakpoint
CREATE INDEX `webhook_endpoints_due` ON `webhook_endpoints` (`due_at`) WHERE due_at IS NOT NULL AND disabled_at IS NULL;--> statement-breakpoint
CREATE INDEX `webhook_endpoints_untold` ON `webhook_endpoints` (`disabled_at`) WHERE disabled_why IN ('failing', 'gone') AND told_at IS NULL;--> statement-breakpoint
CREATE UNIQUE INDEX `webhook_endpoints_id_tenant` ON `webhook_endpoints` (`id`,`tenant_id`);--> statement-breakpoint
ALTER TABLE `alerts` ADD `told_by` text;