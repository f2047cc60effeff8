-- History is written once.
CREATE TRIGGER dna_versions_no_update BEFORE UPDATE ON dna_versions BEGIN SELECT RAISE(ABORT, 'a version of the DNA is written once'); END;
