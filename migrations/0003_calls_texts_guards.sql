-- A row never changes its tenant.
CREATE TRIGGER messages_keep_tenant BEFORE UPDATE OF tenant_id ON messages WHEN OLD.tenant_id IS NOT NEW.tenant_id
BEGIN SELECT RAISE(ABORT, 'a row never changes its tenant'); END;
--> statement-breakpoint
CREATE TRIGGER blocklist_keep_tenant BEFORE UPDATE OF tenant_id ON blocklist WHEN OLD.tenant_id IS NOT NEW.tenant_id
BEGIN SELECT RAISE(ABORT, 'a row never changes its tenant'); END;

--> statement-breakpoint
-- History is written once.
CREATE TRIGGER dna_versions_no_update BEFORE UPDATE ON dna_versions BEGIN SELECT RAISE(ABORT, 'a version of the DNA is written once'); END;
--> statement-breakpoint
CREATE TRIGGER dna_versions_keep_tenant BEFORE UPDATE OF tenant_id ON dna_versions WHEN OLD.tenant_id IS NOT NEW.tenant_id
BEGIN SELECT RAISE(ABORT, 'a row never changes its tenant'); END;
--> statement-breakpoint
-- The chain over the audit log is append-only, as the log is.
CREATE TRIGGER audit_seals_no_update BEFORE UPDATE ON audit_seals BEGIN SELECT RAISE(ABORT, 'the audit chain is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER audit_seals_no_delete BEFORE DELETE ON audit_seals BEGIN SELECT RAISE(ABORT, 'the audit chain is append-only'); END;
--> statement-breakpoint
-- INSERT OR REPLACE removes the old row without asking the triggers above: what is there stays. A second sealer's insert counts for nothing.
CREATE TRIGGER audit_seals_no_replace BEFORE INSERT ON audit_seals
WHEN EXISTS (SELECT 1 FROM audit_seals WHERE tenant_id = NEW.tenant_id AND seq = NEW.seq)
BEGIN SELECT RAISE(IGNORE); END;
--> statement-breakpoint
CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit
WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM audit WHERE rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER secrets_keep_tenant BEFORE UPDATE OF tenant_id ON secrets WHEN OLD.tenant_id IS NOT NEW.tenant_id
BEGIN SELECT RAISE(ABORT, 'a row never changes its tenant'); END;
--> statement-breakpoint
CREATE TRIGGER exports_keep_tenant BEFORE UPDATE OF tenant_id ON exports WHEN OLD.tenant_id IS NOT NEW.tenant_id
BEGIN SELECT RAISE(ABORT, 'a row never changes its tenant'); END;
