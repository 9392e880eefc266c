-- AlterTable
ALTER TABLE "statistics_editions" ADD COLUMN     "held_back" JSONB,
ADD COLUMN     "reason" TEXT;

-- CreateTable
CREATE TABLE "statistics_group_editions" (
    "id" UUID NOT NULL,
    "partner_id" UUID NOT NULL,
    "month" DATE NOT NULL,
    "edition" INTEGER NOT NULL,
    "countries" TEXT[],
    "published_at" TIMESTAMPTZ(3) NOT NULL,
    "published_by" TEXT NOT NULL,
    "definitions_version" INTEGER NOT NULL,
    "figures" JSONB NOT NULL,
    "reason" TEXT,

    CONSTRAINT "statistics_group_editions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "open_data_editions" (
    "id" UUID NOT NULL,
    "year" INTEGER NOT NULL,
    "edition" INTEGER NOT NULL,
    "published_at" TIMESTAMPTZ(3) NOT NULL,
    "published_by" TEXT NOT NULL,
    "definitions_version" INTEGER NOT NULL,
    "figures" JSONB NOT NULL,
    "reason" TEXT,

    CONSTRAINT "open_data_editions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "fact_changes" (
    "id" BIGSERIAL NOT NULL,
    "case_id" UUID NOT NULL,

    CONSTRAINT "fact_changes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "report_facts" (
    "case_id" UUID NOT NULL,
    "episode" INTEGER NOT NULL,
    "portal_id" UUID NOT NULL,
    "country" CHAR(2) NOT NULL,
    "day" DATE NOT NULL,
    "month" DATE NOT NULL,
    "source" "ReportSource" NOT NULL,
    "language" TEXT NOT NULL,
    "repeated" BOOLEAN NOT NULL,
    "contact" BOOLEAN NOT NULL,
    "standing" "ReportStanding" NOT NULL,
    "reports" INTEGER NOT NULL,
    "verdict" "Verdict",
    "reason" "NotActionableReason",
    "severity" "Severity",
    "age" "AgeBand",
    "sex" "SexSeen",
    "form" "ImageForm",
    "site_type" "SiteType",
    "hosting" TEXT,
    "referral" TEXT,
    "listed" BOOLEAN,
    "first_reported" TIMESTAMPTZ(3) NOT NULL,
    "assessed" TIMESTAMPTZ(3),
    "notified" TIMESTAMPTZ(3),
    "removed" TIMESTAMPTZ(3)
);

-- CreateTable
CREATE TABLE "monthly_cells" (
    "month" DATE NOT NULL,
    "country" CHAR(2) NOT NULL,
    "by" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "count" INTEGER NOT NULL,

    CONSTRAINT "monthly_cells_pkey" PRIMARY KEY ("month","country","by","key")
);

-- CreateTable
CREATE TABLE "daily_intake" (
    "portal_id" UUID NOT NULL,
    "country" CHAR(2) NOT NULL,
    "day" DATE NOT NULL,
    "count" INTEGER NOT NULL,

    CONSTRAINT "daily_intake_pkey" PRIMARY KEY ("country","day","portal_id")
);

-- CreateTable
CREATE TABLE "webhooks" (
    "id" UUID NOT NULL,
    "partner_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "url" TEXT NOT NULL,
    "secret" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "disabled_at" TIMESTAMPTZ(3),

    CONSTRAINT "webhooks_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_deliveries" (
    "id" UUID NOT NULL,
    "webhook_id" UUID NOT NULL,
    "month" DATE,
    "kind" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "delivered_at" TIMESTAMPTZ(3),
    "failed_at" TIMESTAMPTZ(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "status" INTEGER,

    CONSTRAINT "webhook_deliveries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "briefings" (
    "id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "email" BYTEA NOT NULL,
    "language" TEXT NOT NULL,
    "confirmed_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "stopped_at" TIMESTAMPTZ(3),

    CONSTRAINT "briefings_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "briefing_mails" (
    "id" UUID NOT NULL,
    "briefing_id" UUID NOT NULL,
    "month" DATE NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "unsure_at" TIMESTAMPTZ(3),
    "sent_at" TIMESTAMPTZ(3),
    "failed_at" TIMESTAMPTZ(3),

    CONSTRAINT "briefing_mails_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "embeds" (
    "id" UUID NOT NULL,
    "partner_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "country" CHAR(2) NOT NULL,
    "origin" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_on" DATE NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "embeds_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "statistics_group_editions_partner_id_month_edition_key" ON "statistics_group_editions"("partner_id", "month", "edition");

-- CreateIndex
CREATE UNIQUE INDEX "open_data_editions_year_edition_key" ON "open_data_editions"("year", "edition");

-- CreateIndex
CREATE INDEX "report_facts_case_id_idx" ON "report_facts"("case_id");

-- CreateIndex
CREATE INDEX "report_facts_country_month_idx" ON "report_facts"("country", "month");

-- CreateIndex
CREATE INDEX "webhooks_partner_id_idx" ON "webhooks"("partner_id");

-- CreateIndex
CREATE INDEX "webhooks_account_id_idx" ON "webhooks"("account_id");

-- CreateIndex
CREATE INDEX "webhook_deliveries_webhook_id_created_at_idx" ON "webhook_deliveries"("webhook_id", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "briefings_account_id_key" ON "briefings"("account_id");

-- CreateIndex
CREATE INDEX "briefing_mails_briefing_id_month_idx" ON "briefing_mails"("briefing_id", "month");

-- CreateIndex
CREATE INDEX "embeds_partner_id_idx" ON "embeds"("partner_id");

-- CreateIndex
CREATE INDEX "embeds_account_id_idx" ON "embeds"("account_id");

-- AddForeignKey
ALTER TABLE "statistics_group_editions" ADD CONSTRAINT "statistics_group_editions_partner_id_fkey" FOREIGN KEY ("partner_id") REFERENCES "partners"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhooks" ADD CONSTRAINT "webhooks_partner_id_fkey" FOREIGN KEY ("partner_id") REFERENCES "partners"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhooks" ADD CONSTRAINT "webhooks_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_webhook_id_fkey" FOREIGN KEY ("webhook_id") REFERENCES "webhooks"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "briefings" ADD CONSTRAINT "briefings_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "briefing_mails" ADD CONSTRAINT "briefing_mails_briefing_id_fkey" FOREIGN KEY ("briefing_id") REFERENCES "briefings"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "embeds" ADD CONSTRAINT "embeds_partner_id_fkey" FOREIGN KEY ("partner_id") REFERENCES "partners"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "embeds" ADD CONSTRAINT "embeds_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ---- what must never be, by hand -------------------------------------------------------------------------
-- Corrections of before said no reason.
ALTER TABLE statistics_editions DISABLE TRIGGER statistics_editions_are_final;
UPDATE statistics_editions SET reason = 'Figures changed.' WHERE edition > 1;
ALTER TABLE statistics_editions ENABLE TRIGGER statistics_editions_are_final;

ALTER TABLE statistics_editions
  ADD CONSTRAINT statistics_editions_corrections_say_why CHECK (edition >= 1 AND (edition = 1) = (reason IS NULL)),
  ADD CONSTRAINT statistics_editions_reason_is_short CHECK (length(reason) BETWEEN 1 AND 500),
  ADD CONSTRAINT statistics_editions_are_of_a_month CHECK (extract(day FROM month) = 1);
ALTER TABLE statistics_group_editions
  ADD CONSTRAINT statistics_group_editions_corrections_say_why CHECK (edition >= 1 AND (edition = 1) = (reason IS NULL)),
  ADD CONSTRAINT statistics_group_editions_reason_is_short CHECK (length(reason) BETWEEN 1 AND 500),
  ADD CONSTRAINT statistics_group_editions_are_of_a_month CHECK (extract(day FROM month) = 1),
  ADD CONSTRAINT statistics_group_editions_are_of_countries CHECK (cardinality(countries) > 0);
ALTER TABLE open_data_editions
  ADD CONSTRAINT open_data_editions_corrections_say_why CHECK (edition >= 1 AND (edition = 1) = (reason IS NULL)),
  ADD CONSTRAINT open_data_editions_reason_is_short CHECK (length(reason) BETWEEN 1 AND 500),
  ADD CONSTRAINT open_data_editions_are_of_a_year CHECK (year BETWEEN 2000 AND 9999);

ALTER TABLE report_facts
  ADD CONSTRAINT report_facts_count_reports CHECK (reports > 0),
  ADD CONSTRAINT report_facts_month_is_of_the_day CHECK (month = date_trunc('month', day::timestamp)::date),
  ADD CONSTRAINT report_facts_say_why_not CHECK ((verdict = 'NOT_ACTIONABLE') IS TRUE = (reason IS NOT NULL)),
  ADD CONSTRAINT report_facts_actionable_are_complete CHECK (
    (verdict = 'ACTIONABLE') IS TRUE = (severity IS NOT NULL AND age IS NOT NULL AND sex IS NOT NULL AND form IS NOT NULL
                                        AND hosting IS NOT NULL AND referral IS NOT NULL AND listed IS NOT NULL));

ALTER TABLE embeds
  ADD CONSTRAINT embeds_origin_is_one_site CHECK (origin ~ '^https?://[a-z0-9.-]+(:[0-9]+)?$');
ALTER TABLE webhook_deliveries
  ADD CONSTRAINT webhook_deliveries_end_one_way CHECK (delivered_at IS NULL OR failed_at IS NULL),
  ADD CONSTRAINT webhook_deliveries_count_attempts CHECK (attempts >= 0);

CREATE TRIGGER statistics_group_editions_are_final BEFORE UPDATE OR DELETE OR TRUNCATE ON statistics_group_editions
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('a correction is a new edition');
CREATE TRIGGER open_data_editions_are_final BEFORE UPDATE OR DELETE OR TRUNCATE ON open_data_editions
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('a correction is a new edition');

-- ---- which cases figures must look at again ------------------------------------------------------------------
-- A write only appends the ids of its cases: no lock, no unique index, nothing that another write waits for.
CREATE FUNCTION facts_of_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO fact_changes (case_id) SELECT DISTINCT case_id FROM new_rows;
  RETURN NULL;
END $$;
CREATE FUNCTION facts_of_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO fact_changes (case_id) SELECT case_id FROM old_rows UNION SELECT case_id FROM new_rows;
  RETURN NULL;
END $$;

CREATE TRIGGER reports_new_facts AFTER INSERT ON reports
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION facts_of_inserted();
CREATE TRIGGER episodes_new_facts AFTER INSERT ON episodes
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION facts_of_inserted();
CREATE TRIGGER assessments_new_facts AFTER INSERT ON assessments
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION facts_of_inserted();
CREATE TRIGGER host_traces_new_facts AFTER INSERT ON host_traces
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION facts_of_inserted();
CREATE TRIGGER observations_new_facts AFTER INSERT ON observations
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION facts_of_inserted();
CREATE TRIGGER actions_new_facts AFTER INSERT ON actions
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION facts_of_inserted();
CREATE TRIGGER url_list_changes_new_facts AFTER INSERT ON url_list_changes
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION facts_of_inserted();
CREATE TRIGGER reports_changed_facts AFTER UPDATE ON reports
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION facts_of_updated();
CREATE TRIGGER episodes_changed_facts AFTER UPDATE ON episodes
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION facts_of_updated();
CREATE TRIGGER actions_changed_facts AFTER UPDATE ON actions
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION facts_of_updated();

CREATE FUNCTION facts_of_notices() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO fact_changes (case_id)
  SELECT DISTINCT a.case_id FROM new_rows n JOIN old_rows o ON o.id = n.id JOIN actions a ON a.notice_id = n.id
  WHERE (n.acknowledged_at IS NULL) <> (o.acknowledged_at IS NULL) OR (n.replied_at IS NULL) <> (o.replied_at IS NULL);
  RETURN NULL;
END $$;
CREATE TRIGGER notices_changed_facts AFTER UPDATE ON notices
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION facts_of_notices();

-- Whether a contact was left may change later; that it was deleted since changes nothing.
CREATE FUNCTION facts_of_submissions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO fact_changes (case_id)
  SELECT DISTINCT r.case_id FROM new_rows n JOIN old_rows o ON o.id = n.id JOIN reports r ON r.submission_id = n.id
  WHERE n.language IS DISTINCT FROM o.language
     OR (n.contact IS NULL AND n.contact_removed_at IS NULL) <> (o.contact IS NULL AND o.contact_removed_at IS NULL);
  RETURN NULL;
END $$;
CREATE TRIGGER submissions_changed_facts AFTER UPDATE ON submissions
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION facts_of_submissions();

CREATE FUNCTION facts_of_portals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO fact_changes (case_id)
  SELECT DISTINCT r.case_id FROM new_rows n JOIN old_rows o ON o.id = n.id JOIN reports r ON r.portal_id = n.id
  WHERE n.time_zone <> o.time_zone;
  RETURN NULL;
END $$;
CREATE TRIGGER portals_changed_facts AFTER UPDATE ON portals
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION facts_of_portals();

-- Of what is there already, the next roll-up makes the facts.
INSERT INTO fact_changes (case_id) SELECT id FROM cases;
