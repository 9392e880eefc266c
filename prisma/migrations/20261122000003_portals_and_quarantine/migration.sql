-- CreateEnum
CREATE TYPE "ReportStanding" AS ENUM ('COUNTED', 'QUARANTINED', 'MALICIOUS');

-- AlterTable
ALTER TABLE "portals" ADD COLUMN     "accent_colour" TEXT,
ADD COLUMN     "exit_address" TEXT,
ADD COLUMN     "origins" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "sandbox" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "texts" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "help_lines_new" JSONB NOT NULL DEFAULT '[]';
-- A help line was one line of text: it becomes the name of an entry whose other parts are yet to be said.
UPDATE "portals" SET "help_lines_new" = (
  SELECT coalesce(jsonb_agg(jsonb_build_object('name', line)), '[]') FROM unnest("help_lines") AS line);
ALTER TABLE "portals" DROP COLUMN "help_lines";
ALTER TABLE "portals" RENAME COLUMN "help_lines_new" TO "help_lines";

-- AlterTable
ALTER TABLE "reports" ADD COLUMN     "quarantine_id" UUID,
ADD COLUMN     "standing" "ReportStanding" NOT NULL DEFAULT 'COUNTED';

-- AlterTable
ALTER TABLE "cases" ADD COLUMN     "look_alike" TEXT,
ADD COLUMN     "registrable_domain" TEXT;

-- CreateTable
CREATE TABLE "quarantines" (
    "id" UUID NOT NULL,
    "portal_id" UUID NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_at" TIMESTAMPTZ(3),
    "decided_by_id" UUID,

    CONSTRAINT "quarantines_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "quarantines_portal_id_opened_at_idx" ON "quarantines"("portal_id", "opened_at");

-- CreateIndex
CREATE INDEX "reports_quarantine_id_standing_idx" ON "reports"("quarantine_id", "standing");

-- CreateIndex
CREATE INDEX "cases_registrable_domain_idx" ON "cases"("registrable_domain");

-- AddForeignKey
ALTER TABLE "reports" ADD CONSTRAINT "reports_quarantine_id_fkey" FOREIGN KEY ("quarantine_id") REFERENCES "quarantines"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "quarantines" ADD CONSTRAINT "quarantines_portal_id_fkey" FOREIGN KEY ("portal_id") REFERENCES "portals"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "quarantines" ADD CONSTRAINT "quarantines_decided_by_id_fkey" FOREIGN KEY ("decided_by_id") REFERENCES "accounts"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- "No" and "not asked" were one: what was false becomes not asked.
ALTER TABLE "submissions" ALTER COLUMN "in_danger" DROP NOT NULL, ALTER COLUMN "in_danger" DROP DEFAULT;
UPDATE "submissions" SET "in_danger" = NULL WHERE NOT "in_danger";

-- ---- what must never be, by hand -------------------------------------------------------------------------
ALTER TABLE portals
  ADD CONSTRAINT portals_accent_is_a_colour CHECK (accent_colour ~ '^#[0-9a-f]{6}$'),
  ADD CONSTRAINT portals_keep_lists CHECK (jsonb_typeof(help_lines) = 'array' AND jsonb_typeof(texts) = 'array');

ALTER TABLE reports ADD CONSTRAINT reports_set_aside_belong_to_a_quarantine
  CHECK (standing = 'COUNTED' OR quarantine_id IS NOT NULL);
ALTER TABLE quarantines ADD CONSTRAINT quarantines_decided_say_when_and_by_whom
  CHECK ((decided_at IS NULL) = (decided_by_id IS NULL));
