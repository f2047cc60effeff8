CREATE TABLE `model_answers` (
	`tenant_id` text NOT NULL,
	`question` text NOT NULL,
	`answer` text NOT NULL,
	`expires_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `question`),
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `model_answers_expiry` ON `model_answers` (`expires_at`);--> statement-breakpoint
CREATE TABLE `spend` (
	`tenant_id` text NOT NULL,
	`budget` text NOT NULL,
	`period` text NOT NULL,
	`cost_micros` integer NOT NULL,
	`warned_at` integer,
	PRIMARY KEY(`tenant_id`, `budget`, `period`),
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `usage` (
	`tenant_id` text NOT NULL,
	`project_id` text,
	`day` text NOT NULL,
	`kind` text NOT NULL,
	`detail` text NOT NULL,
	`quantity` integer NOT NULL,
	`cost_micros` integer NOT NULL,
	`project_key` text GENERATED ALWAYS AS ((coalesce(project_id, ''))) VIRTUAL,
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`project_id`,`tenant_id`) REFERENCES `projects`(`id`,`tenant_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `usage_place` ON `usage` (`tenant_id`,`project_key`,`day`,`kind`,`detail`);--> statement-breakpoint
ALTER TABLE `runs` ADD `cost_micros` integer DEFAULT 0 NOT NULL;