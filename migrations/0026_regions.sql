CREATE TABLE `name_claims` (
	`kind` text NOT NULL,
	`name_hash` text NOT NULL,
	`holder` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`kind`, `name_hash`)
);
--> statement-breakpoint
ALTER TABLE `tenants` ADD `region` text;