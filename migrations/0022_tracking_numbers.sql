ALTER TABLE `calls` ADD `page_id` text;--> statement-breakpoint
CREATE INDEX `calls_page` ON `calls` (`project_id`,`id`) WHERE page_id IS NOT NULL;--> statement-breakpoint
ALTER TABLE `phone_numbers` ADD `page_id` text;--> statement-breakpoint
CREATE INDEX `phone_numbers_page` ON `phone_numbers` (`page_id`) WHERE page_id IS NOT NULL;