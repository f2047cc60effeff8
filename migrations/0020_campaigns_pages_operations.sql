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
CREATE INDEX `page_views_day` ON `page_views` (`project_id`,`day`);--> statement-breakpoint
CREATE TABLE `alerts` (
	`rule` text NOT NULL,
	`since` integer NOT NULL,
	`detail` text NOT NULL,
	`until` integer,
	`told_at` integer,
	`recovery_told_at` integer,
	PRIMARY KEY(`rule`, `since`)
);
--> statement-breakpoint
CREATE TABLE `service_minutes` (
	`minute` integer PRIMARY KEY NOT NULL,
	`requests` integer NOT NULL,
	`errors` integer NOT NULL,
	`slow` integer NOT NULL,
	`leads` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `campaign_recipients` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`project_id` text NOT NULL,
	`campaign_id` text NOT NULL,
	`lead_id` text,
	`phone` text,
	`body` text NOT NULL,
	`written_by` text,
	`segments` integer NOT NULL,
	`cost_micros` integer NOT NULL,
	`state` text NOT NULL,
	`reason` text,
	`not_before` integer NOT NULL,
	`tries` integer NOT NULL,
	`message_id` text,
	`sent_at` integer,
	`reply` text,
	`replied_at` integer,
	FOREIGN KEY (`project_id`,`tenant_id`) REFERENCES `projects`(`id`,`tenant_id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`campaign_id`,`tenant_id`) REFERENCES `campaigns`(`id`,`tenant_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `campaign_recipients_phone` ON `campaign_recipients` (`campaign_id`,`phone`) WHERE phone IS NOT NULL;--> statement-breakpoint
CREATE INDEX `campaign_recipients_list` ON `campaign_recipients` (`campaign_id`,`id`);--> statement-breakpoint
CREATE INDEX `campaign_recipients_state` ON `campaign_recipients` (`campaign_id`,`state`,`not_before`,`id`);--> statement-breakpoint
CREATE INDEX `campaign_recipients_unwritten` ON `campaign_recipients` (`campaign_id`,`id`) WHERE written_by IS NULL;--> statement-breakpoint
CREATE INDEX `campaign_recipients_replies` ON `campaign_recipients` (`campaign_id`,`reply`) WHERE reply IS NOT NULL;--> statement-breakpoint
CREATE INDEX `campaign_recipients_sent` ON `campaign_recipients` (`project_id`,`sent_at`) WHERE sent_at IS NOT NULL;--> statement-breakpoint
CREATE INDEX `campaign_recipients_lead` ON `campaign_recipients` (`lead_id`) WHERE lead_id IS NOT NULL;--> statement-breakpoint
CREATE TABLE `campaigns` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`project_id` text NOT NULL,
	`run_id` text NOT NULL,
	`status` text NOT NULL,
	`starts_itself` integer NOT NULL,
	`pause_reason` text,
	`settings` text NOT NULL,
	`position` text,
	`left_out` text NOT NULL,
	`round` integer NOT NULL,
	`guard_from` integer NOT NULL,
	`sent` integer NOT NULL,
	`created_at` integer NOT NULL,
	`started_at` integer,
	`ended_at` integer,
	FOREIGN KEY (`project_id`,`tenant_id`) REFERENCES `projects`(`id`,`tenant_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `campaigns_run` ON `campaigns` (`tenant_id`,`run_id`);--> statement-breakpoint
CREATE INDEX `campaigns_tenant` ON `campaigns` (`tenant_id`,`id`);--> statement-breakpoint
CREATE INDEX `campaigns_project` ON `campaigns` (`project_id`,`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `campaigns_running` ON `campaigns` (`project_id`) WHERE status = 'running';--> statement-breakpoint
CREATE UNIQUE INDEX `campaigns_id_tenant` ON `campaigns` (`id`,`tenant_id`);--> statement-breakpoint
DROP INDEX `webhook_keys_hash`;--> statement-breakpoint
CREATE INDEX `webhook_keys_mail` ON `webhook_keys` (`key_hash`) WHERE source = 'hunt_mail';--> statement-breakpoint
ALTER TABLE `calls` ADD `metered_at` integer;--> statement-breakpoint
CREATE INDEX `calls_unmetered` ON `calls` (`ended_at`) WHERE ended_at IS NOT NULL AND metered_at IS NULL;--> statement-breakpoint
ALTER TABLE `entities` ADD `email` text GENERATED ALWAYS AS ((lower(json_extract(metadata, '$.email')))) VIRTUAL;--> statement-breakpoint
ALTER TABLE `entities` ADD `campaign_seen_at` integer;--> statement-breakpoint
ALTER TABLE `entities` ADD `campaign_order` integer GENERATED ALWAYS AS ((coalesce(campaign_seen_at, 0))) VIRTUAL;--> statement-breakpoint
CREATE INDEX `entities_email` ON `entities` (`project_id`,`email`,`id`) WHERE email IS NOT NULL;--> statement-breakpoint
CREATE INDEX `entities_served` ON `entities` (`project_id`,`campaign_order`,`id`) WHERE status IN ('won', 'completed');--> statement-breakpoint
ALTER TABLE `runs` ADD `parked_at` integer;--> statement-breakpoint
ALTER TABLE `runs` ADD `canceled_at` integer;--> statement-breakpoint
ALTER TABLE `runs` ADD `request_id` text;--> statement-breakpoint
CREATE INDEX `runs_parked` ON `runs` (`tenant_id`,`id`) WHERE parked_at IS NOT NULL;--> statement-breakpoint
CREATE INDEX `runs_running` ON `runs` (`tenant_id`) WHERE status = 'running';--> statement-breakpoint
CREATE INDEX `runs_died` ON `runs` (`finished_at`) WHERE status = 'dead';--> statement-breakpoint
CREATE INDEX `runs_dead` ON `runs` (`tenant_id`,`id`) WHERE status = 'dead';--> statement-breakpoint
ALTER TABLE `messages` ADD `metered_at` integer;--> statement-breakpoint
CREATE INDEX `messages_unmetered` ON `messages` (`created_at`) WHERE sid IS NOT NULL AND metered_at IS NULL;--> statement-breakpoint
CREATE INDEX `messages_campaign` ON `messages` (`campaign_id`,`id`) WHERE campaign_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `projects_canary_failed` ON `projects` (`canary_failed_at`) WHERE canary_failed_at IS NOT NULL;--> statement-breakpoint
CREATE INDEX `spend_warned` ON `spend` (`warned_at`) WHERE warned_at IS NOT NULL;