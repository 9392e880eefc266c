-- CreateEnum
CREATE TYPE "TraceRunState" AS ENUM ('QUEUED', 'DONE', 'FAILED');

-- CreateEnum
CREATE TYPE "ContactKind" AS ENUM ('HOST', 'UPSTREAM', 'REGISTRAR', 'POLICE', 'HOTLINE');

-- CreateEnum
CREATE TYPE "NoticeStep" AS ENUM ('FIRST', 'REMINDER', 'UPSTREAM', 'REGISTRAR');

-- CreateEnum
CREATE TYPE "NoticeState" AS ENUM ('WAITING', 'SENDING', 'SENT', 'FAILED', 'UNCERTAIN', 'WITHDRAWN');

-- CreateEnum
CREATE TYPE "HostAnswer" AS ENUM ('RECEIVED', 'REMOVED', 'NOT_OURS');

-- CreateEnum
CREATE TYPE "AppealState" AS ENUM ('WAITING', 'DISMISSED', 'UNDER_REVIEW', 'UPHELD', 'REJECTED');

-- CreateEnum
CREATE TYPE "BreakReason" AS ENUM ('REST', 'MEAL', 'SUPPORT', 'MEETING', 'OTHER');

-- CreateEnum
CREATE TYPE "UrlListScope" AS ENUM ('ADDRESS', 'DOMAIN');

-- AlterEnum
ALTER TYPE "AccountRole" ADD VALUE 'TOOL';

-- DropForeignKey
ALTER TABLE "actions" DROP CONSTRAINT "actions_sent_by_id_fkey";

-- DropIndex
DROP INDEX "actions_case_id_sent_at_idx";

-- AlterTable
ALTER TABLE "accounts" ADD COLUMN     "avoids" "ReportCategory"[] DEFAULT ARRAY[]::"ReportCategory"[],
ADD COLUMN     "daily_minutes" INTEGER,
ADD COLUMN     "working_hours" JSONB;

-- AlterTable
ALTER TABLE "submissions" ADD COLUMN     "note_removed_at" TIMESTAMPTZ(3),
ALTER COLUMN "access_code_hash" DROP NOT NULL;

-- AlterTable
ALTER TABLE "cases" ADD COLUMN     "bulk_id" UUID,
ADD COLUMN     "categories" "ReportCategory"[] DEFAULT ARRAY[]::"ReportCategory"[],
ADD COLUMN     "delisting_proposed_by_id" UUID,
ADD COLUMN     "handed_to_id" UUID,
ADD COLUMN     "handed_until" TIMESTAMPTZ(3),
ADD COLUMN     "hosting_country" CHAR(2),
ADD COLUMN     "in_danger" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "legal_hold" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "next_check_at" TIMESTAMPTZ(3),
ADD COLUMN     "reporting_countries" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "round_since" TIMESTAMPTZ(3),
ADD COLUMN     "site_types" "SiteType"[] DEFAULT ARRAY[]::"SiteType"[],
ADD COLUMN     "undo_until" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "assessments" ADD COLUMN     "review_reasons" "ReviewTrigger"[] DEFAULT ARRAY[]::"ReviewTrigger"[];

-- AlterTable
ALTER TABLE "host_traces" ADD COLUMN     "answer" JSONB,
ADD COLUMN     "run_id" UUID;

-- AlterTable
ALTER TABLE "actions" ADD COLUMN     "answer" "HostAnswer",
ADD COLUMN     "answered_at" TIMESTAMPTZ(3),
ADD COLUMN     "notice_id" UUID,
ADD COLUMN     "queued_at" TIMESTAMPTZ(3),
ADD COLUMN     "withdrawn_at" TIMESTAMPTZ(3),
ALTER COLUMN "sent_by_id" DROP NOT NULL,
ALTER COLUMN "sent_at" DROP NOT NULL;

-- Until now every action was recorded by hand, at the time at which it was made.
UPDATE "actions" SET "queued_at" = "sent_at";
ALTER TABLE "actions" ALTER COLUMN "queued_at" SET NOT NULL;

-- AlterTable
ALTER TABLE "url_list_changes" ADD COLUMN     "scope" "UrlListScope" NOT NULL DEFAULT 'ADDRESS';

-- CreateTable
CREATE TABLE "trace_runs" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "episode_id" UUID NOT NULL,
    "state" "TraceRunState" NOT NULL DEFAULT 'QUEUED',
    "queued_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "trace_runs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "contacts" (
    "id" UUID NOT NULL,
    "kind" "ContactKind" NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "language" TEXT NOT NULL DEFAULT 'en',
    "country" CHAR(2),
    "countries" TEXT[],
    "domains" TEXT[],
    "networks" INTEGER[],
    "member" BOOLEAN NOT NULL DEFAULT false,
    "xarf" BOOLEAN NOT NULL DEFAULT true,
    "wait_hours" INTEGER NOT NULL DEFAULT 24,
    "quiet_from" INTEGER,
    "quiet_until" INTEGER,
    "time_zone" TEXT NOT NULL DEFAULT 'UTC',
    "approved_at" TIMESTAMPTZ(3),
    "approved_by_id" UUID,
    "retired_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "contacts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "notices" (
    "id" UUID NOT NULL,
    "contact_id" UUID NOT NULL,
    "kind" "ActionKind" NOT NULL,
    "step" "NoticeStep" NOT NULL DEFAULT 'FIRST',
    "urgent" BOOLEAN NOT NULL DEFAULT false,
    "state" "NoticeState" NOT NULL DEFAULT 'WAITING',
    "queued_at" TIMESTAMPTZ(3) NOT NULL,
    "send_after" TIMESTAMPTZ(3) NOT NULL,
    "message_id" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "attempted_at" TIMESTAMPTZ(3),
    "sent_at" TIMESTAMPTZ(3),
    "failed_at" TIMESTAMPTZ(3),
    "failure" TEXT,
    "acknowledged_at" TIMESTAMPTZ(3),
    "replied_at" TIMESTAMPTZ(3),
    "reply" BYTEA,
    "escalate_at" TIMESTAMPTZ(3),

    CONSTRAINT "notices_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "assessment_drafts" (
    "case_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "answers" BYTEA NOT NULL,
    "saved_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "assessment_drafts_pkey" PRIMARY KEY ("case_id","account_id")
);

-- CreateTable
CREATE TABLE "bulk_assessments" (
    "id" UUID NOT NULL,
    "by_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "undo_until" TIMESTAMPTZ(3) NOT NULL,
    "undone_at" TIMESTAMPTZ(3),

    CONSTRAINT "bulk_assessments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "appeals" (
    "id" UUID NOT NULL,
    "reference" TEXT NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "address" TEXT NOT NULL,
    "case_id" UUID,
    "reason" BYTEA,
    "contact" BYTEA,
    "state" "AppealState" NOT NULL DEFAULT 'WAITING',
    "dismissal" BYTEA,
    "decided_at" TIMESTAMPTZ(3),
    "decided_by_id" UUID,

    CONSTRAINT "appeals_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "saved_filters" (
    "id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "filter" JSONB NOT NULL,

    CONSTRAINT "saved_filters_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "breaks" (
    "id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "reason" "BreakReason" NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "breaks_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "url_list_editions" (
    "id" BIGSERIAL NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL,
    "change_id" BIGINT NOT NULL,
    "entries" INTEGER NOT NULL,
    "content" BYTEA NOT NULL,
    "sha256" BYTEA NOT NULL,
    "signature" TEXT NOT NULL,

    CONSTRAINT "url_list_editions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "job_workers" (
    "id" TEXT NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "job_workers_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "assessments_round_at_idx" ON "assessments"("round", "at");

-- CreateIndex
CREATE INDEX "trace_runs_case_id_queued_at_idx" ON "trace_runs"("case_id", "queued_at");

-- CreateIndex
CREATE INDEX "contacts_kind_idx" ON "contacts"("kind");

-- CreateIndex
CREATE UNIQUE INDEX "notices_message_id_key" ON "notices"("message_id");

-- CreateIndex
CREATE INDEX "notices_state_send_after_idx" ON "notices"("state", "send_after");

-- CreateIndex
CREATE INDEX "notices_contact_id_queued_at_idx" ON "notices"("contact_id", "queued_at");

-- CreateIndex
CREATE INDEX "notices_escalate_at_idx" ON "notices"("escalate_at");

-- CreateIndex
CREATE INDEX "assessment_drafts_account_id_idx" ON "assessment_drafts"("account_id");

-- CreateIndex
CREATE INDEX "bulk_assessments_by_id_at_idx" ON "bulk_assessments"("by_id", "at");

-- CreateIndex
CREATE UNIQUE INDEX "appeals_reference_key" ON "appeals"("reference");

-- CreateIndex
CREATE INDEX "appeals_state_received_at_idx" ON "appeals"("state", "received_at");

-- CreateIndex
CREATE INDEX "appeals_case_id_idx" ON "appeals"("case_id");

-- CreateIndex
CREATE UNIQUE INDEX "saved_filters_account_id_name_key" ON "saved_filters"("account_id", "name");

-- CreateIndex
CREATE INDEX "breaks_account_id_started_at_idx" ON "breaks"("account_id", "started_at");

-- CreateIndex
CREATE INDEX "url_list_editions_made_at_idx" ON "url_list_editions"("made_at");

-- CreateIndex
CREATE INDEX "cases_next_check_at_idx" ON "cases"("next_check_at");

-- CreateIndex
CREATE INDEX "cases_handed_to_id_idx" ON "cases"("handed_to_id");

-- CreateIndex
CREATE INDEX "cases_bulk_id_idx" ON "cases"("bulk_id");

-- CreateIndex
CREATE INDEX "actions_case_id_queued_at_idx" ON "actions"("case_id", "queued_at");

-- CreateIndex
CREATE UNIQUE INDEX "actions_notice_id_case_id_key" ON "actions"("notice_id", "case_id");

-- AddForeignKey
ALTER TABLE "cases" ADD CONSTRAINT "cases_handed_to_id_fkey" FOREIGN KEY ("handed_to_id") REFERENCES "accounts"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cases" ADD CONSTRAINT "cases_bulk_id_fkey" FOREIGN KEY ("bulk_id") REFERENCES "bulk_assessments"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cases" ADD CONSTRAINT "cases_delisting_proposed_by_id_fkey" FOREIGN KEY ("delisting_proposed_by_id") REFERENCES "accounts"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "host_traces" ADD CONSTRAINT "host_traces_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "trace_runs"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "trace_runs" ADD CONSTRAINT "trace_runs_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "cases"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "trace_runs" ADD CONSTRAINT "trace_runs_episode_id_fkey" FOREIGN KEY ("episode_id") REFERENCES "episodes"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "contacts" ADD CONSTRAINT "contacts_approved_by_id_fkey" FOREIGN KEY ("approved_by_id") REFERENCES "accounts"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notices" ADD CONSTRAINT "notices_contact_id_fkey" FOREIGN KEY ("contact_id") REFERENCES "contacts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "actions" ADD CONSTRAINT "actions_sent_by_id_fkey" FOREIGN KEY ("sent_by_id") REFERENCES "accounts"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "actions" ADD CONSTRAINT "actions_notice_id_fkey" FOREIGN KEY ("notice_id") REFERENCES "notices"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "assessment_drafts" ADD CONSTRAINT "assessment_drafts_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "cases"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "assessment_drafts" ADD CONSTRAINT "assessment_drafts_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bulk_assessments" ADD CONSTRAINT "bulk_assessments_by_id_fkey" FOREIGN KEY ("by_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "appeals" ADD CONSTRAINT "appeals_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "cases"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "appeals" ADD CONSTRAINT "appeals_decided_by_id_fkey" FOREIGN KEY ("decided_by_id") REFERENCES "accounts"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "saved_filters" ADD CONSTRAINT "saved_filters_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "breaks" ADD CONSTRAINT "breaks_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ---- what must never be, by hand -------------------------------------------------------------------------
ALTER TABLE contacts
  ADD CONSTRAINT contacts_email_is_one_address CHECK (email ~ '^[^[:space:][:cntrl:]<>,;]+@[^[:space:][:cntrl:]<>,;]+$'),
  ADD CONSTRAINT contacts_quiet_hours_are_hours CHECK (
    (quiet_from IS NULL) = (quiet_until IS NULL) AND quiet_from BETWEEN 0 AND 23 AND quiet_until BETWEEN 0 AND 23 AND quiet_from <> quiet_until),
  ADD CONSTRAINT contacts_wait_is_hours CHECK (wait_hours BETWEEN 1 AND 720),
  ADD CONSTRAINT contacts_approved_by_somebody CHECK ((approved_at IS NULL) = (approved_by_id IS NULL));

ALTER TABLE notices
  ADD CONSTRAINT notices_sent_say_when CHECK ((state = 'SENT') <= (sent_at IS NOT NULL)),
  ADD CONSTRAINT notices_tried_have_a_message_id CHECK (state NOT IN ('SENDING', 'SENT', 'UNCERTAIN') OR message_id IS NOT NULL),
  ADD CONSTRAINT notices_failed_say_why CHECK ((state = 'FAILED') <= (failed_at IS NOT NULL AND failure IS NOT NULL));

ALTER TABLE actions
  ADD CONSTRAINT actions_by_hand_were_sent CHECK (notice_id IS NOT NULL OR (sent_at IS NOT NULL AND sent_by_id IS NOT NULL)),
  ADD CONSTRAINT actions_sent_or_withdrawn CHECK (sent_at IS NULL OR withdrawn_at IS NULL),
  ADD CONSTRAINT actions_answered_say_when CHECK ((answer IS NULL) = (answered_at IS NULL));

ALTER TABLE cases ADD CONSTRAINT cases_handed_over_until CHECK ((handed_to_id IS NULL) = (handed_until IS NULL));
ALTER TABLE accounts ADD CONSTRAINT accounts_daily_minutes_fit_a_day CHECK (daily_minutes BETWEEN 0 AND 1440);
ALTER TABLE breaks ADD CONSTRAINT breaks_run_forward CHECK (ended_at IS NULL OR ended_at >= started_at);
CREATE UNIQUE INDEX breaks_one_open_per_account ON breaks (account_id) WHERE ended_at IS NULL;
ALTER TABLE url_list_editions ADD CONSTRAINT url_list_editions_digest_is_sha256 CHECK (octet_length(sha256) = 32);

CREATE TRIGGER url_list_editions_are_final BEFORE UPDATE OR DELETE OR TRUNCATE ON url_list_editions
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('a later list is a new edition');
CREATE TRIGGER appeals_are_kept BEFORE DELETE OR TRUNCATE ON appeals
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('an appeal is never dropped');
CREATE TRIGGER appeals_typed_text_is_evidence BEFORE UPDATE OF address, received_at ON appeals
  FOR EACH ROW WHEN ((OLD.address, OLD.received_at) IS DISTINCT FROM (NEW.address, NEW.received_at))
  EXECUTE FUNCTION refuse_change('what was typed is evidence');

-- ---- what retention may do, and nobody else -----------------------------------------------------------------
-- The one change of a signed opinion is to forget its note.
DROP TRIGGER assessments_are_signed ON assessments;
CREATE TRIGGER assessments_are_signed BEFORE DELETE OR TRUNCATE ON assessments
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('an opinion is superseded by a later one');
CREATE TRIGGER assessments_only_forget_notes BEFORE UPDATE ON assessments
  FOR EACH ROW WHEN (NEW.note IS NOT NULL OR to_jsonb(OLD) - 'note' IS DISTINCT FROM to_jsonb(NEW) - 'note')
  EXECUTE FUNCTION refuse_change('an opinion is superseded by a later one');
-- What waits to be forgotten is found without a look at all that was ever sent.
CREATE INDEX submissions_with_contact ON submissions (id) WHERE contact IS NOT NULL;
CREATE INDEX submissions_with_note ON submissions (id) WHERE note IS NOT NULL;

-- ---- what the reports of earlier cases say, as prioritiseCases keeps it -------------------------------------
UPDATE cases c SET in_danger = f.in_danger, categories = f.categories, site_types = f.site_types, reporting_countries = f.countries
FROM (
  SELECT r.case_id,
         coalesce(bool_or(s.in_danger) FILTER (WHERE r.received_at >= e.first_reported), false) AS in_danger,
         coalesce(array_agg(DISTINCT s.category) FILTER (WHERE s.category IS NOT NULL), '{}') AS categories,
         coalesce(array_agg(DISTINCT s.found_on) FILTER (WHERE s.found_on IS NOT NULL), '{}') AS site_types,
         coalesce(array_agg(DISTINCT r.country::text) FILTER (WHERE r.country IS NOT NULL), '{}') AS countries
  FROM reports r JOIN submissions s ON s.id = r.submission_id
  JOIN cases k ON k.id = r.case_id JOIN episodes e ON e.case_id = k.id AND e.number = k.episode_number
  WHERE r.standing = 'COUNTED' GROUP BY r.case_id
) f WHERE f.case_id = c.id;
