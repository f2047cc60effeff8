-- A row never changes its tenant.
CREATE TRIGGER messages_keep_tenant BEFORE UPDATE OF tenant_id ON messages WHEN OLD.tenant_id IS NOT NEW.tenant_id
BEGIN SELECT RAISE(ABORT, 'a row never changes its tenant'); END;
--> statement-breakpoint
CREATE TRIGGER blocklist_keep_tenant BEFORE UPDATE OF tenant_id ON blocklist WHEN OLD.tenant_id IS NOT NEW.tenant_id
BEGIN SELECT RAISE(ABORT, 'a row never changes its tenant'); END;

--> statement-breakpoint
-- History is written once.
CREATE TRIGGER dna_versions_no_update BEFORE UPDATE ON dna_versions BEGIN SELECT RAISE(ABORT, 'a version of the DNA is written once'); END;
