-- A row never changes its tenant.
CREATE TRIGGER figures_keep_tenant BEFORE UPDATE OF tenant_id ON figures WHEN OLD.tenant_id IS NOT NEW.tenant_id
BEGIN SELECT RAISE(ABORT, 'a row never changes its tenant'); END;
--> statement-breakpoint
CREATE TRIGGER figure_marks_keep_tenant BEFORE UPDATE OF tenant_id ON figure_marks WHEN OLD.tenant_id IS NOT NEW.tenant_id
BEGIN SELECT RAISE(ABORT, 'a row never changes its tenant'); END;
--> statement-breakpoint
-- An hour of which leads or calls have changed is to be counted again; that is noted in the transaction of the change.
CREATE TRIGGER figures_entities_insert AFTER INSERT ON entities WHEN NEW.entity_type = 'lead'
BEGIN
  INSERT INTO figure_marks (tenant_id, project_id, hour, version) VALUES (NEW.tenant_id, NEW.project_id, NEW.created_at / 3600000, hex(randomblob(8)))
  ON CONFLICT (tenant_id, project_key, hour) DO UPDATE SET version = excluded.version;
END;
--> statement-breakpoint
CREATE TRIGGER figures_entities_update AFTER UPDATE OF metadata ON entities WHEN NEW.entity_type = 'lead' AND (json_extract(OLD.metadata, '$.status') IS NOT json_extract(NEW.metadata, '$.status') OR json_extract(OLD.metadata, '$.source') IS NOT json_extract(NEW.metadata, '$.source') OR json_extract(OLD.metadata, '$.score') IS NOT json_extract(NEW.metadata, '$.score') OR json_extract(OLD.metadata, '$.amount') IS NOT json_extract(NEW.metadata, '$.amount') OR json_extract(OLD.metadata, '$.canary') IS NOT json_extract(NEW.metadata, '$.canary'))
BEGIN
  INSERT INTO figure_marks (tenant_id, project_id, hour, version) VALUES (NEW.tenant_id, NEW.project_id, NEW.created_at / 3600000, hex(randomblob(8)))
  ON CONFLICT (tenant_id, project_key, hour) DO UPDATE SET version = excluded.version;
END;
--> statement-breakpoint
-- Spam and tests are in no figure, nor are their calls.
CREATE TRIGGER figures_entities_left_out AFTER UPDATE OF metadata ON entities WHEN NEW.entity_type = 'lead' AND (coalesce(json_extract(OLD.metadata, '$.status'), '') IN ('spam', 'test')) <> (coalesce(json_extract(NEW.metadata, '$.status'), '') IN ('spam', 'test'))
BEGIN
  INSERT INTO figure_marks (tenant_id, project_id, hour, version) SELECT tenant_id, project_id, created_at / 3600000, hex(randomblob(8)) FROM calls WHERE lead_id = NEW.id AND tenant_id = NEW.tenant_id
  ON CONFLICT (tenant_id, project_key, hour) DO UPDATE SET version = excluded.version;
END;
--> statement-breakpoint
-- While a tenant is being removed, nothing of it comes to be.
CREATE TRIGGER figures_entities_delete AFTER DELETE ON entities WHEN OLD.entity_type = 'lead' AND EXISTS (SELECT 1 FROM tenants WHERE id = OLD.tenant_id AND deleted_at IS NULL)
BEGIN
  INSERT INTO figure_marks (tenant_id, project_id, hour, version) VALUES (OLD.tenant_id, OLD.project_id, OLD.created_at / 3600000, hex(randomblob(8)))
  ON CONFLICT (tenant_id, project_key, hour) DO UPDATE SET version = excluded.version;
  INSERT INTO figure_marks (tenant_id, project_id, hour, version) SELECT tenant_id, project_id, created_at / 3600000, hex(randomblob(8)) FROM calls WHERE lead_id = OLD.id AND tenant_id = OLD.tenant_id
  ON CONFLICT (tenant_id, project_key, hour) DO UPDATE SET version = excluded.version;
END;
--> statement-breakpoint
-- A call counts in its own hour, and in its lead's: whether the lead was called, and spoken to.
CREATE TRIGGER figures_calls_insert AFTER INSERT ON calls
BEGIN
  INSERT INTO figure_marks (tenant_id, project_id, hour, version) VALUES (NEW.tenant_id, NEW.project_id, NEW.created_at / 3600000, hex(randomblob(8)))
  ON CONFLICT (tenant_id, project_key, hour) DO UPDATE SET version = excluded.version;
  INSERT INTO figure_marks (tenant_id, project_id, hour, version) SELECT tenant_id, project_id, created_at / 3600000, hex(randomblob(8)) FROM entities WHERE id = NEW.lead_id AND tenant_id = NEW.tenant_id AND entity_type = 'lead'
  ON CONFLICT (tenant_id, project_key, hour) DO UPDATE SET version = excluded.version;
END;
--> statement-breakpoint
CREATE TRIGGER figures_calls_update AFTER UPDATE OF end_reason, latency, person, source, direction, duration_s, canary ON calls WHEN OLD.end_reason IS NOT NEW.end_reason OR OLD.latency IS NOT NEW.latency OR OLD.person IS NOT NEW.person OR OLD.source IS NOT NEW.source OR OLD.direction IS NOT NEW.direction OR OLD.duration_s IS NOT NEW.duration_s OR OLD.canary IS NOT NEW.canary
BEGIN
  INSERT INTO figure_marks (tenant_id, project_id, hour, version) VALUES (NEW.tenant_id, NEW.project_id, NEW.created_at / 3600000, hex(randomblob(8)))
  ON CONFLICT (tenant_id, project_key, hour) DO UPDATE SET version = excluded.version;
  INSERT INTO figure_marks (tenant_id, project_id, hour, version) SELECT tenant_id, project_id, created_at / 3600000, hex(randomblob(8)) FROM entities WHERE id = NEW.lead_id AND tenant_id = NEW.tenant_id AND entity_type = 'lead'
  ON CONFLICT (tenant_id, project_key, hour) DO UPDATE SET version = excluded.version;
END;
--> statement-breakpoint
CREATE TRIGGER figures_calls_delete AFTER DELETE ON calls WHEN EXISTS (SELECT 1 FROM tenants WHERE id = OLD.tenant_id AND deleted_at IS NULL)
BEGIN
  INSERT INTO figure_marks (tenant_id, project_id, hour, version) VALUES (OLD.tenant_id, OLD.project_id, OLD.created_at / 3600000, hex(randomblob(8)))
  ON CONFLICT (tenant_id, project_key, hour) DO UPDATE SET version = excluded.version;
  INSERT INTO figure_marks (tenant_id, project_id, hour, version) SELECT tenant_id, project_id, created_at / 3600000, hex(randomblob(8)) FROM entities WHERE id = OLD.lead_id AND tenant_id = OLD.tenant_id AND entity_type = 'lead'
  ON CONFLICT (tenant_id, project_key, hour) DO UPDATE SET version = excluded.version;
END;
--> statement-breakpoint
-- What there is already is to be counted.
INSERT INTO figure_marks (tenant_id, project_id, hour, version)
SELECT tenant_id, project_id, created_at / 3600000, hex(randomblob(8)) FROM entities WHERE entity_type = 'lead' GROUP BY tenant_id, project_id, created_at / 3600000
UNION ALL SELECT tenant_id, project_id, created_at / 3600000, hex(randomblob(8)) FROM calls WHERE true GROUP BY tenant_id, project_id, created_at / 3600000
ON CONFLICT (tenant_id, project_key, hour) DO NOTHING;
