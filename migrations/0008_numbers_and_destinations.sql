CREATE TABLE `destination_checks` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`project_id` text NOT NULL,
	`phone` text NOT NULL,
	`channel` text NOT NULL,
	`code_hash` text NOT NULL,
	`tries` integer NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`verified_at` integer,
	FOREIGN KEY (`project_id`,`tenant_id`) REFERENCES `projects`(`id`,`tenant_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `destination_checks_phone` ON `destination_checks` (`phone`,`created_at`);--> statement-breakpoint
CREATE INDEX `destination_checks_tenant` ON `destination_checks` (`tenant_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `destination_checks_verified` ON `destination_checks` (`tenant_id`,`phone`) WHERE verified_at IS NOT NULL;--> statement-breakpoint
CREATE TABLE `phone_numbers` (
	`number` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`project_id` text NOT NULL,
	`account_sid` text,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`project_id`,`tenant_id`) REFERENCES `projects`(`id`,`tenant_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `phone_numbers_project` ON `phone_numbers` (`project_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `phone_numbers_account` ON `phone_numbers` (`tenant_id`,`account_sid`);--> statement-breakpoint
CREATE TABLE `twilio_accounts` (
	`tenant_id` text NOT NULL,
	`account_sid` text NOT NULL,
	`token_sealed` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `account_sid`),
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
ALTER TABLE `calls` ADD `account_sid` text;--> statement-breakpoint
CREATE INDEX `calls_account` ON `calls` (`tenant_id`,`account_sid`) WHERE account_sid IS NOT NULL;--> statement-breakpoint
ALTER TABLE `entities` ADD `delivery_key` text GENERATED ALWAYS AS ((json_extract(metadata, '$.delivery_key'))) VIRTUAL;--> statement-breakpoint
CREATE INDEX `entities_delivery` ON `entities` (`project_id`,`delivery_key`) WHERE delivery_key IS NOT NULL;--> statement-breakpoint
ALTER TABLE `projects` ADD `from_number` text;--> statement-breakpoint
ALTER TABLE `projects` ADD `from_account` text;--> statement-breakpoint
ALTER TABLE `messages` ADD `account_sid` text;--> statement-breakpoint
CREATE INDEX `messages_account` ON `messages` (`tenant_id`,`account_sid`) WHERE account_sid IS NOT NULL;