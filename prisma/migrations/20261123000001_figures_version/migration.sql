-- How far the figures are that a country's partners read: what was made of them holds until this changes.

-- CreateTable
CREATE TABLE "figures_versions" (
    "writer" TEXT NOT NULL,
    "version" UUID NOT NULL,

    CONSTRAINT "figures_versions_pkey" PRIMARY KEY ("writer")
);

-- A row for each kind of writer, so that two kinds never wait for each other.
INSERT INTO figures_versions (writer, version)
SELECT writer, gen_random_uuid() FROM unnest(ARRAY['editions', 'intake', 'portals']) AS writer;

-- Drawn and not counted: after a lost server, or from a restored copy, a count would come again and mean something else.
CREATE FUNCTION figures_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE figures_versions SET version = gen_random_uuid() WHERE writer = TG_ARGV[0];
  RETURN NULL;
END $$;

-- Before the rows, so that everybody locks in one order. Each lists all that changes what src/statistics/country-statistics.ts reads.
CREATE TRIGGER statistics_editions_change_figures BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON statistics_editions
  FOR EACH STATEMENT EXECUTE FUNCTION figures_change('editions');
CREATE TRIGGER daily_intake_changes_figures BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON daily_intake
  FOR EACH STATEMENT EXECUTE FUNCTION figures_change('intake');
CREATE TRIGGER portals_change_figures BEFORE INSERT OR UPDATE OF id, time_zone OR DELETE OR TRUNCATE ON portals
  FOR EACH STATEMENT EXECUTE FUNCTION figures_change('portals');

-- In whose snapshot two statements find the same, they find the same figures. Stable, so that it looks with the eyes of the statement that asks.
CREATE FUNCTION figures_version() RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (SELECT string_agg(version::text, ' ' ORDER BY writer) FROM figures_versions);
END $$;
