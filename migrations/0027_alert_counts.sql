CREATE INDEX `audit_cap_warned` ON `audit` (`at`) WHERE action = 'cap.warned';--> statement-breakpoint
CREATE INDEX `usage_day` ON `usage` (`day`);