-- A row never changes its tenant.
CREATE TRIGGER live_watches_keep_tenant BEFORE UPDATE OF tenant_id ON live_watches WHEN OLD.tenant_id IS NOT NEW.tenant_id
BEGIN SELECT RAISE(ABORT, 'a row never changes its tenant'); END;
--> statement-breakpoint
CREATE TRIGGER live_changes_keep_tenant BEFORE UPDATE OF tenant_id ON live_changes WHEN OLD.tenant_id IS NOT NEW.tenant_id
BEGIN SELECT RAISE(ABORT, 'a row never changes its tenant'); END;
--> statement-breakpoint
-- Each change of a watched project's rows gets the next number, in the transaction that makes it. One read while nobody watches.
CREATE TRIGGER live_entities_insert AFTER INSERT ON entities WHEN EXISTS (SELECT 1 FROM live_watches WHERE project_id = NEW.project_id AND tenant_id = NEW.tenant_id AND active = 1)
BEGIN
  UPDATE live_watches SET seq = seq + 1 WHERE project_id = NEW.project_id;
  INSERT INTO live_changes (project_id, tenant_id, kind, row_id, seq) SELECT NEW.project_id, NEW.tenant_id, 'entity', NEW.id, seq FROM live_watches WHERE project_id = NEW.project_id
  ON CONFLICT (project_id, kind, row_id) DO UPDATE SET seq = excluded.seq;
END;
--> statement-breakpoint
CREATE TRIGGER live_entities_update AFTER UPDATE ON entities WHEN EXISTS (SELECT 1 FROM live_watches WHERE project_id = NEW.project_id AND tenant_id = NEW.tenant_id AND active = 1)
BEGIN
  UPDATE live_watches SET seq = seq + 1 WHERE project_id = NEW.project_id;
  INSERT INTO live_changes (project_id, tenant_id, kind, row_id, seq) SELECT NEW.project_id, NEW.tenant_id, 'entity', NEW.id, seq FROM live_watches WHERE project_id = NEW.project_id
  ON CONFLICT (project_id, kind, row_id) DO UPDATE SET seq = excluded.seq;
END;
--> statement-breakpoint
CREATE TRIGGER live_entities_delete AFTER DELETE ON entities WHEN EXISTS (SELECT 1 FROM live_watches WHERE project_id = OLD.project_id AND tenant_id = OLD.tenant_id AND active = 1)
BEGIN
  UPDATE live_watches SET seq = seq + 1 WHERE project_id = OLD.project_id;
  INSERT INTO live_changes (project_id, tenant_id, kind, row_id, seq) SELECT OLD.project_id, OLD.tenant_id, 'entity', OLD.id, seq FROM live_watches WHERE project_id = OLD.project_id
  ON CONFLICT (project_id, kind, row_id) DO UPDATE SET seq = excluded.seq;
END;
--> statement-breakpoint
CREATE TRIGGER live_calls_insert AFTER INSERT ON calls WHEN EXISTS (SELECT 1 FROM live_watches WHERE project_id = NEW.project_id AND tenant_id = NEW.tenant_id AND active = 1)
BEGIN
  UPDATE live_watches SET seq = seq + 1 WHERE project_id = NEW.project_id;
  INSERT INTO live_changes (project_id, tenant_id, kind, row_id, seq) SELECT NEW.project_id, NEW.tenant_id, 'call', NEW.id, seq FROM live_watches WHERE project_id = NEW.project_id
  ON CONFLICT (project_id, kind, row_id) DO UPDATE SET seq = excluded.seq;
END;
--> statement-breakpoint
CREATE TRIGGER live_calls_update AFTER UPDATE ON calls WHEN EXISTS (SELECT 1 FROM live_watches WHERE project_id = NEW.project_id AND tenant_id = NEW.tenant_id AND active = 1)
BEGIN
  UPDATE live_watches SET seq = seq + 1 WHERE project_id = NEW.project_id;
  INSERT INTO live_changes (project_id, tenant_id, kind, row_id, seq) SELECT NEW.project_id, NEW.tenant_id, 'call', NEW.id, seq FROM live_watches WHERE project_id = NEW.project_id
  ON CONFLICT (project_id, kind, row_id) DO UPDATE SET seq = excluded.seq;
END;
--> statement-breakpoint
CREATE TRIGGER live_calls_delete AFTER DELETE ON calls WHEN EXISTS (SELECT 1 FROM live_watches WHERE project_id = OLD.project_id AND tenant_id = OLD.tenant_id AND active = 1)
BEGIN
  UPDATE live_watches SET seq = seq + 1 WHERE project_id = OLD.project_id;
  INSERT INTO live_changes (project_id, tenant_id, kind, row_id, seq) SELECT OLD.project_id, OLD.tenant_id, 'call', OLD.id, seq FROM live_watches WHERE project_id = OLD.project_id
  ON CONFLICT (project_id, kind, row_id) DO UPDATE SET seq = excluded.seq;
END;
--> statement-breakpoint
CREATE TRIGGER live_runs_insert AFTER INSERT ON runs WHEN EXISTS (SELECT 1 FROM live_watches WHERE project_id = NEW.project_id AND tenant_id = NEW.tenant_id AND active = 1)
BEGIN
  UPDATE live_watches SET seq = seq + 1 WHERE project_id = NEW.project_id;
  INSERT INTO live_changes (project_id, tenant_id, kind, row_id, seq) SELECT NEW.project_id, NEW.tenant_id, 'run', NEW.id, seq FROM live_watches WHERE project_id = NEW.project_id
  ON CONFLICT (project_id, kind, row_id) DO UPDATE SET seq = excluded.seq;
END;
--> statement-breakpoint
CREATE TRIGGER live_runs_update AFTER UPDATE ON runs WHEN EXISTS (SELECT 1 FROM live_watches WHERE project_id = NEW.project_id AND tenant_id = NEW.tenant_id AND active = 1)
BEGIN
  UPDATE live_watches SET seq = seq + 1 WHERE project_id = NEW.project_id;
  INSERT INTO live_changes (project_id, tenant_id, kind, row_id, seq) SELECT NEW.project_id, NEW.tenant_id, 'run', NEW.id, seq FROM live_watches WHERE project_id = NEW.project_id
  ON CONFLICT (project_id, kind, row_id) DO UPDATE SET seq = excluded.seq;
END;
--> statement-breakpoint
CREATE TRIGGER live_runs_delete AFTER DELETE ON runs WHEN EXISTS (SELECT 1 FROM live_watches WHERE project_id = OLD.project_id AND tenant_id = OLD.tenant_id AND active = 1)
BEGIN
  UPDATE live_watches SET seq = seq + 1 WHERE project_id = OLD.project_id;
  INSERT INTO live_changes (project_id, tenant_id, kind, row_id, seq) SELECT OLD.project_id, OLD.tenant_id, 'run', OLD.id, seq FROM live_watches WHERE project_id = OLD.project_id
  ON CONFLICT (project_id, kind, row_id) DO UPDATE SET seq = excluded.seq;
END;
