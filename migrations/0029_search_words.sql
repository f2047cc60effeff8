-- Beginnings of words get lists of their own, so that a search by one reads a page of it, newest first, and not all that the index has;
-- for longer beginnings the words that there are can be looked up one by one. The index is made anew under its name: what wrote to it goes on.
DROP TABLE entities_fts;
--> statement-breakpoint
CREATE VIRTUAL TABLE entities_fts USING fts5(scope, name, contact, message, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2', prefix='1 2 3 4');
--> statement-breakpoint
CREATE VIRTUAL TABLE entities_fts_words USING fts5vocab('entities_fts', 'instance');
--> statement-breakpoint
-- In pieces: D1 gives a statement half a minute.
INSERT INTO entities_fts(rowid, scope, name, contact, message) SELECT seq, tenant_id || ' ' || coalesce(project_id, '') || ' ' || entity_type, name, primary_contact, coalesce(json_extract(metadata, '$.message'), '') FROM entities WHERE seq <= 250000;
--> statement-breakpoint
INSERT INTO entities_fts(rowid, scope, name, contact, message) SELECT seq, tenant_id || ' ' || coalesce(project_id, '') || ' ' || entity_type, name, primary_contact, coalesce(json_extract(metadata, '$.message'), '') FROM entities WHERE seq > 250000 AND seq <= 500000;
--> statement-breakpoint
INSERT INTO entities_fts(rowid, scope, name, contact, message) SELECT seq, tenant_id || ' ' || coalesce(project_id, '') || ' ' || entity_type, name, primary_contact, coalesce(json_extract(metadata, '$.message'), '') FROM entities WHERE seq > 500000 AND seq <= 750000;
--> statement-breakpoint
INSERT INTO entities_fts(rowid, scope, name, contact, message) SELECT seq, tenant_id || ' ' || coalesce(project_id, '') || ' ' || entity_type, name, primary_contact, coalesce(json_extract(metadata, '$.message'), '') FROM entities WHERE seq > 750000 AND seq <= 1000000;
--> statement-breakpoint
INSERT INTO entities_fts(rowid, scope, name, contact, message) SELECT seq, tenant_id || ' ' || coalesce(project_id, '') || ' ' || entity_type, name, primary_contact, coalesce(json_extract(metadata, '$.message'), '') FROM entities WHERE seq > 1000000 AND seq <= 1250000;
--> statement-breakpoint
INSERT INTO entities_fts(rowid, scope, name, contact, message) SELECT seq, tenant_id || ' ' || coalesce(project_id, '') || ' ' || entity_type, name, primary_contact, coalesce(json_extract(metadata, '$.message'), '') FROM entities WHERE seq > 1250000 AND seq <= 1500000;
--> statement-breakpoint
INSERT INTO entities_fts(rowid, scope, name, contact, message) SELECT seq, tenant_id || ' ' || coalesce(project_id, '') || ' ' || entity_type, name, primary_contact, coalesce(json_extract(metadata, '$.message'), '') FROM entities WHERE seq > 1500000 AND seq <= 1750000;
--> statement-breakpoint
INSERT INTO entities_fts(rowid, scope, name, contact, message) SELECT seq, tenant_id || ' ' || coalesce(project_id, '') || ' ' || entity_type, name, primary_contact, coalesce(json_extract(metadata, '$.message'), '') FROM entities WHERE seq > 1750000 AND seq <= 2000000;
--> statement-breakpoint
INSERT INTO entities_fts(rowid, scope, name, contact, message) SELECT seq, tenant_id || ' ' || coalesce(project_id, '') || ' ' || entity_type, name, primary_contact, coalesce(json_extract(metadata, '$.message'), '') FROM entities WHERE seq > 2000000;
