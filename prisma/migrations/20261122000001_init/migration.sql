-- Case numbers: C-000001, C-000002 … The table's default needs them, so they come first.
CREATE SEQUENCE case_number_seq;
CREATE FUNCTION next_case_number() RETURNS text LANGUAGE sql AS $$
  SELECT 'C-' || lpad(n, greatest(6, length(n)), '0') FROM (SELECT nextval('case_number_seq')::text AS n) next
$$;

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "PortalStage" AS ENUM ('PLANNED', 'SOFT_LAUNCH', 'LIVE', 'SUSPENDED', 'TRANSFERRED');

-- CreateEnum
CREATE TYPE "PortalAudience" AS ENUM ('PUBLIC', 'LAW_ENFORCEMENT');

-- CreateEnum
CREATE TYPE "PartnerKind" AS ENUM ('GOVERNMENT', 'POLICE', 'FUNDER', 'CHARITY', 'INDUSTRY');

-- CreateEnum
CREATE TYPE "AccountRole" AS ENUM ('PARTNER', 'ANALYST', 'SUPERVISOR', 'ADMINISTRATOR');

-- CreateEnum
CREATE TYPE "ReportSource" AS ENUM ('PUBLIC', 'POLICE', 'MEMBER', 'HOTLINE', 'ANALYST', 'OTHER');

-- CreateEnum
CREATE TYPE "ReportCategory" AS ENUM ('CHILD_SEXUAL_ABUSE_MATERIAL', 'AI_GENERATED_MATERIAL', 'NON_PHOTOGRAPHIC_MATERIAL', 'SELF_GENERATED_MATERIAL', 'GROOMING_OR_EXTORTION', 'OTHER', 'UNSURE');

-- CreateEnum
CREATE TYPE "HowFound" AS ENUM ('SEARCH', 'MESSAGE', 'ADVERT', 'APP', 'LINK', 'OTHER');

-- CreateEnum
CREATE TYPE "SiteType" AS ENUM ('WEBSITE', 'IMAGE_HOST', 'IMAGE_BOARD', 'FILE_HOST', 'FORUM', 'BLOG', 'SOCIAL', 'CHAT', 'BANNER_SITE', 'LINK_SITE', 'REDIRECTOR', 'SEARCH', 'ARCHIVE', 'HIDDEN_SERVICE', 'OTHER');

-- CreateEnum
CREATE TYPE "AddressKind" AS ENUM ('WEB', 'ONION', 'MAGNET', 'ED2K', 'NEWSGROUP', 'APP_HANDLE');

-- CreateEnum
CREATE TYPE "CaseState" AS ENUM ('AWAITING_ASSESSMENT', 'AWAITING_REVIEW', 'DISPUTED', 'AWAITING_ACTION', 'ON_HOLD', 'AWAITING_REMOVAL', 'REMOVED', 'CLOSED');

-- CreateEnum
CREATE TYPE "CaseOutcome" AS ENUM ('NOT_ACTIONABLE', 'REMOVED', 'NO_ACTION_POSSIBLE');

-- CreateEnum
CREATE TYPE "ReviewTrigger" AS ENUM ('AGE_16_17', 'UNDETERMINED_AGE', 'AI_OR_NON_PHOTOGRAPHIC', 'URL_LIST', 'APPEAL', 'REQUESTED', 'RANDOM_SHARE', 'ANALYST_IN_TRAINING');

-- CreateEnum
CREATE TYPE "AssessmentRound" AS ENUM ('FIRST', 'SECOND', 'RULING');

-- CreateEnum
CREATE TYPE "Verdict" AS ENUM ('ACTIONABLE', 'NOT_ACTIONABLE');

-- CreateEnum
CREATE TYPE "NotActionableReason" AS ENUM ('LEGAL_ADULT', 'CHILD_NOT_CRIMINAL', 'OFF_REMIT', 'INACCESSIBLE', 'ALREADY_REMOVED', 'INSUFFICIENT_INFORMATION', 'MALICIOUS_REPORT');

-- CreateEnum
CREATE TYPE "Severity" AS ENUM ('A', 'B', 'C', 'PROHIBITED');

-- CreateEnum
CREATE TYPE "AgeBand" AS ENUM ('AGE_0_2', 'AGE_3_6', 'AGE_7_10', 'AGE_11_13', 'AGE_14_15', 'AGE_16_17', 'UNDETERMINED');

-- CreateEnum
CREATE TYPE "SexSeen" AS ENUM ('GIRLS', 'BOYS', 'BOTH', 'UNDETERMINED');

-- CreateEnum
CREATE TYPE "ImageForm" AS ENUM ('PHOTOGRAPHIC', 'AI_GENERATED', 'NON_PHOTOGRAPHIC');

-- CreateEnum
CREATE TYPE "Commerciality" AS ENUM ('NONE', 'DIRECT', 'INDIRECT');

-- CreateEnum
CREATE TYPE "Jurisdiction" AS ENUM ('BASELINE', 'NATIONAL');

-- CreateEnum
CREATE TYPE "TraceMethod" AS ENUM ('DNS', 'ROUTING', 'REGISTRATION', 'PERSON');

-- CreateEnum
CREATE TYPE "HostPlacement" AS ENUM ('COUNTRY', 'HIDDEN_SERVICE', 'PEER_TO_PEER', 'CONTENT_NETWORK', 'UNKNOWN');

-- CreateEnum
CREATE TYPE "ActionKind" AS ENUM ('HOST_NOTICE', 'POLICE_REFERRAL', 'HOTLINE_REFERRAL');

-- CreateEnum
CREATE TYPE "Seen" AS ENUM ('UP', 'GONE', 'MOVED');

-- CreateEnum
CREATE TYPE "UrlListChangeKind" AS ENUM ('ADDED', 'REMOVED');

-- CreateTable
CREATE TABLE "portals" (
    "id" UUID NOT NULL,
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "country" CHAR(2),
    "time_zone" TEXT NOT NULL,
    "stage" "PortalStage" NOT NULL DEFAULT 'PLANNED',
    "audience" "PortalAudience" NOT NULL DEFAULT 'PUBLIC',
    "default_language" TEXT NOT NULL,
    "languages" TEXT[],
    "partner_names" TEXT[],
    "emergency_number" TEXT,
    "help_lines" TEXT[],
    "launched_on" DATE,
    "transferred_to" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "portals_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "partners" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "kind" "PartnerKind" NOT NULL,
    "countries" TEXT[],
    "url_list_access" BOOLEAN NOT NULL DEFAULT false,
    "agreement_from" DATE NOT NULL,
    "agreement_until" DATE,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "partners_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "accounts" (
    "id" UUID NOT NULL,
    "subject" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "role" "AccountRole" NOT NULL,
    "partner_id" UUID,
    "in_training" BOOLEAN NOT NULL DEFAULT false,
    "disabled_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "accounts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_keys" (
    "id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "label" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_on" DATE,
    "last_used_on" DATE,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_keys_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "submissions" (
    "id" UUID NOT NULL,
    "portal_id" UUID NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "source" "ReportSource" NOT NULL DEFAULT 'PUBLIC',
    "pasted_text" TEXT NOT NULL,
    "access_code_hash" BYTEA NOT NULL,
    "idempotency_key_hash" BYTEA,
    "input_hash" BYTEA NOT NULL,
    "language" TEXT,
    "stated_country" CHAR(2),
    "category" "ReportCategory",
    "found_on" "SiteType",
    "seen_on" DATE,
    "how_found" "HowFound",
    "in_danger" BOOLEAN NOT NULL DEFAULT false,
    "note" BYTEA,
    "contact" BYTEA,
    "contact_removed_at" TIMESTAMPTZ(3),

    CONSTRAINT "submissions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reports" (
    "id" UUID NOT NULL,
    "reference" TEXT NOT NULL,
    "submission_id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "portal_id" UUID NOT NULL,
    "country" CHAR(2),
    "source" "ReportSource" NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "address_as_typed" TEXT NOT NULL,
    "repeated" BOOLEAN NOT NULL,

    CONSTRAINT "reports_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "cases" (
    "id" UUID NOT NULL,
    "number" TEXT NOT NULL DEFAULT next_case_number(),
    "address_digest" BYTEA NOT NULL,
    "address" TEXT NOT NULL,
    "address_kind" "AddressKind" NOT NULL,
    "address_rules_version" INTEGER NOT NULL,
    "host" TEXT,
    "state" "CaseState" NOT NULL DEFAULT 'AWAITING_ASSESSMENT',
    "outcome" "CaseOutcome",
    "version" INTEGER NOT NULL DEFAULT 1,
    "priority" INTEGER NOT NULL DEFAULT 0,
    "episode_number" INTEGER NOT NULL DEFAULT 1,
    "review_reasons" "ReviewTrigger"[],
    "held_from" "CaseState",
    "held_until" TIMESTAMPTZ(3),
    "listed" BOOLEAN NOT NULL DEFAULT false,
    "report_count" INTEGER NOT NULL DEFAULT 0,
    "portal_ids" UUID[],
    "first_reported_at" TIMESTAMPTZ(3) NOT NULL,
    "last_reported_at" TIMESTAMPTZ(3) NOT NULL,
    "state_since" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "cases_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "episodes" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "first_reported" TIMESTAMPTZ(3) NOT NULL,
    "assessed" TIMESTAMPTZ(3),
    "traced" TIMESTAMPTZ(3),
    "police_told" TIMESTAMPTZ(3),
    "host_told" TIMESTAMPTZ(3),
    "hotline_told" TIMESTAMPTZ(3),
    "first_seen_gone" TIMESTAMPTZ(3),
    "closed" TIMESTAMPTZ(3),
    "outcome" "CaseOutcome",

    CONSTRAINT "episodes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "claims" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "claimed_at" TIMESTAMPTZ(3) NOT NULL,
    "lease_until" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "claims_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "assessments" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "episode_id" UUID NOT NULL,
    "round" "AssessmentRound" NOT NULL,
    "assessor_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "taxonomy_name" TEXT NOT NULL,
    "taxonomy_version" INTEGER NOT NULL,
    "verdict" "Verdict" NOT NULL,
    "reason" "NotActionableReason",
    "severity" "Severity",
    "youngest_age" "AgeBand",
    "sex" "SexSeen",
    "form" "ImageForm",
    "self_generated" BOOLEAN NOT NULL DEFAULT false,
    "coerced" BOOLEAN NOT NULL DEFAULT false,
    "commercial" "Commerciality" NOT NULL DEFAULT 'NONE',
    "disguised" BOOLEAN NOT NULL DEFAULT false,
    "site_type" "SiteType",
    "jurisdiction" "Jurisdiction",
    "note" BYTEA,

    CONSTRAINT "assessments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "host_traces" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "episode_id" UUID NOT NULL,
    "method" "TraceMethod" NOT NULL,
    "tool" TEXT NOT NULL,
    "placement" "HostPlacement" NOT NULL,
    "country" CHAR(2),
    "network" TEXT,
    "reason" TEXT,
    "recorded_by_id" UUID,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "host_traces_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "actions" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "episode_id" UUID NOT NULL,
    "kind" "ActionKind" NOT NULL,
    "recipient" TEXT NOT NULL,
    "recipient_country" CHAR(2),
    "sent_by_id" UUID NOT NULL,
    "sent_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "actions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "observations" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "episode_id" UUID NOT NULL,
    "seen" "Seen" NOT NULL,
    "moved_to" CHAR(2),
    "observed_by_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "observations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "case_notes" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "author_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "text" BYTEA NOT NULL,

    CONSTRAINT "case_notes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "repeatable_writes" (
    "key_hash" BYTEA NOT NULL,
    "input_hash" BYTEA NOT NULL,
    "case_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "repeatable_writes_pkey" PRIMARY KEY ("key_hash")
);

-- CreateTable
CREATE TABLE "url_list_changes" (
    "id" BIGSERIAL NOT NULL,
    "case_id" UUID NOT NULL,
    "change" "UrlListChangeKind" NOT NULL,
    "address" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "url_list_changes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "statistics_editions" (
    "id" UUID NOT NULL,
    "country" CHAR(2) NOT NULL,
    "month" DATE NOT NULL,
    "edition" INTEGER NOT NULL,
    "published_at" TIMESTAMPTZ(3) NOT NULL,
    "published_by" TEXT NOT NULL,
    "definitions_version" INTEGER NOT NULL,
    "figures" JSONB NOT NULL,

    CONSTRAINT "statistics_editions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_entries" (
    "id" BIGSERIAL NOT NULL,
    "stream" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "actor" TEXT NOT NULL,
    "operation" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subjects" TEXT[],
    "detail" TEXT,
    "salt" BYTEA,
    "detail_digest" BYTEA NOT NULL,
    "prev" BYTEA NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "audit_entries_pkey" PRIMARY KEY ("stream","seq")
);

-- CreateTable
CREATE TABLE "audit_heads" (
    "stream" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "audit_heads_pkey" PRIMARY KEY ("stream")
);

-- CreateIndex
CREATE UNIQUE INDEX "portals_code_key" ON "portals"("code");

-- CreateIndex
CREATE INDEX "portals_country_idx" ON "portals"("country");

-- CreateIndex
CREATE UNIQUE INDEX "partners_name_key" ON "partners"("name");

-- CreateIndex
CREATE UNIQUE INDEX "accounts_subject_key" ON "accounts"("subject");

-- CreateIndex
CREATE INDEX "accounts_partner_id_idx" ON "accounts"("partner_id");

-- CreateIndex
CREATE UNIQUE INDEX "api_keys_prefix_key" ON "api_keys"("prefix");

-- CreateIndex
CREATE UNIQUE INDEX "api_keys_hash_key" ON "api_keys"("hash");

-- CreateIndex
CREATE INDEX "api_keys_account_id_idx" ON "api_keys"("account_id");

-- CreateIndex
CREATE UNIQUE INDEX "submissions_access_code_hash_key" ON "submissions"("access_code_hash");

-- CreateIndex
CREATE UNIQUE INDEX "submissions_idempotency_key_hash_key" ON "submissions"("idempotency_key_hash");

-- CreateIndex
CREATE INDEX "submissions_portal_id_received_at_idx" ON "submissions"("portal_id", "received_at");

-- CreateIndex
CREATE UNIQUE INDEX "reports_reference_key" ON "reports"("reference");

-- CreateIndex
CREATE INDEX "reports_case_id_received_at_id_idx" ON "reports"("case_id", "received_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "reports_country_received_at_idx" ON "reports"("country", "received_at");

-- CreateIndex
CREATE INDEX "reports_submission_id_idx" ON "reports"("submission_id");

-- CreateIndex
CREATE INDEX "reports_portal_id_idx" ON "reports"("portal_id");

-- CreateIndex
CREATE UNIQUE INDEX "cases_number_key" ON "cases"("number");

-- CreateIndex
CREATE UNIQUE INDEX "cases_address_digest_key" ON "cases"("address_digest");

-- CreateIndex
CREATE INDEX "cases_priority_id_idx" ON "cases"("priority" DESC, "id");

-- CreateIndex
CREATE INDEX "cases_state_priority_id_idx" ON "cases"("state", "priority" DESC, "id");

-- CreateIndex
CREATE INDEX "cases_host_idx" ON "cases"("host");

-- CreateIndex
CREATE UNIQUE INDEX "episodes_case_id_number_key" ON "episodes"("case_id", "number");

-- CreateIndex
CREATE INDEX "claims_account_id_claimed_at_idx" ON "claims"("account_id", "claimed_at");

-- CreateIndex
CREATE INDEX "assessments_case_id_at_idx" ON "assessments"("case_id", "at");

-- CreateIndex
CREATE INDEX "host_traces_case_id_at_idx" ON "host_traces"("case_id", "at");

-- CreateIndex
CREATE INDEX "actions_case_id_sent_at_idx" ON "actions"("case_id", "sent_at");

-- CreateIndex
CREATE INDEX "observations_case_id_at_idx" ON "observations"("case_id", "at");

-- CreateIndex
CREATE INDEX "case_notes_case_id_at_idx" ON "case_notes"("case_id", "at");

-- CreateIndex
CREATE INDEX "repeatable_writes_case_id_idx" ON "repeatable_writes"("case_id");

-- CreateIndex
CREATE INDEX "url_list_changes_case_id_idx" ON "url_list_changes"("case_id");

-- CreateIndex
CREATE UNIQUE INDEX "statistics_editions_country_month_edition_key" ON "statistics_editions"("country", "month", "edition");

-- CreateIndex
CREATE INDEX "audit_entries_actor_id_idx" ON "audit_entries"("actor", "id");

-- CreateIndex
CREATE INDEX "audit_entries_subjects_idx" ON "audit_entries" USING GIN ("subjects");

-- CreateIndex
CREATE UNIQUE INDEX "audit_entries_id_key" ON "audit_entries"("id");

-- CreateIndex
CREATE UNIQUE INDEX "audit_entries_stream_prev_key" ON "audit_entries"("stream", "prev");

-- AddForeignKey
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_partner_id_fkey" FOREIGN KEY ("partner_id") REFERENCES "partners"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "submissions" ADD CONSTRAINT "submissions_portal_id_fkey" FOREIGN KEY ("portal_id") REFERENCES "portals"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reports" ADD CONSTRAINT "reports_submission_id_fkey" FOREIGN KEY ("submission_id") REFERENCES "submissions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reports" ADD CONSTRAINT "reports_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "cases"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reports" ADD CONSTRAINT "reports_portal_id_fkey" FOREIGN KEY ("portal_id") REFERENCES "portals"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "episodes" ADD CONSTRAINT "episodes_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "cases"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "claims" ADD CONSTRAINT "claims_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "cases"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "claims" ADD CONSTRAINT "claims_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "assessments" ADD CONSTRAINT "assessments_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "cases"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "assessments" ADD CONSTRAINT "assessments_episode_id_fkey" FOREIGN KEY ("episode_id") REFERENCES "episodes"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "assessments" ADD CONSTRAINT "assessments_assessor_id_fkey" FOREIGN KEY ("assessor_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "host_traces" ADD CONSTRAINT "host_traces_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "cases"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "host_traces" ADD CONSTRAINT "host_traces_episode_id_fkey" FOREIGN KEY ("episode_id") REFERENCES "episodes"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "host_traces" ADD CONSTRAINT "host_traces_recorded_by_id_fkey" FOREIGN KEY ("recorded_by_id") REFERENCES "accounts"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "actions" ADD CONSTRAINT "actions_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "cases"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "actions" ADD CONSTRAINT "actions_episode_id_fkey" FOREIGN KEY ("episode_id") REFERENCES "episodes"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "actions" ADD CONSTRAINT "actions_sent_by_id_fkey" FOREIGN KEY ("sent_by_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "observations" ADD CONSTRAINT "observations_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "cases"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "observations" ADD CONSTRAINT "observations_episode_id_fkey" FOREIGN KEY ("episode_id") REFERENCES "episodes"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "observations" ADD CONSTRAINT "observations_observed_by_id_fkey" FOREIGN KEY ("observed_by_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "case_notes" ADD CONSTRAINT "case_notes_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "cases"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "case_notes" ADD CONSTRAINT "case_notes_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "repeatable_writes" ADD CONSTRAINT "repeatable_writes_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "cases"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "url_list_changes" ADD CONSTRAINT "url_list_changes_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "cases"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
