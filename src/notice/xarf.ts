import { createHash } from 'node:crypto';
import type { AgeBand, Severity } from '../generated/prisma/enums.ts';
import { xarfRules } from './xarf-rules.ts';

/** Who reports, as XARF asks for it. */
export type XarfReporter = { org: string; contact: string; domain: string };

export type XarfLine = {
  actionId: string;
  address: string;
  host: string | null;
  seenAt: Date;
  severity: Severity | null;
  youngestAge: AgeBand | null;
};

const BEFORE_PUBERTY: readonly AgeBand[] = ['AGE_0_2', 'AGE_3_6', 'AGE_7_10'];

/**
 * One address as a report of XARF 4.0.0 (category `content`, type `csam`), by the published schemas xarf-core, content-base and
 * content-csam of github.com/xarf/xarf-spec; never with evidence, which would be content. Null where the standard has no words for it: an
 * address without a host, or an image that is prohibited without being photographic.
 */
export function xarfReport(reporter: XarfReporter, line: XarfLine) {
  const { address, host, seenAt, severity, youngestAge } = line;
  if (host === null || severity === null || severity === 'PROHIBITED') return null;
  const report = {
    xarf_version: '4.0.0',
    report_id: reportId(line.actionId),
    timestamp: seenAt.toISOString(),
    reporter,
    sender: reporter,
    source_identifier: host.replace(/^\[|\]$/g, ''),
    category: 'content',
    type: 'csam',
    url: address,
    classification: classification(severity, youngestAge),
    detection_method: 'manual_review',
    verified_at: seenAt.toISOString(),
    verification_method: 'manual',
    evidence_source: 'researcher_analysis',
    confidence: 1,
  };
  // What breaks the standard's rules would be refused by whoever reads it; the text says it all the same.
  return xarfRules.safeParse(report).success ? report : null;
}

// A: before puberty, B: after its onset; 1: a sexual act, 2: other (the industry classification that the standard takes over).
function classification(severity: Severity, age: AgeBand | null): 'A1' | 'A2' | 'B1' | 'B2' | 'baseline' {
  if (age === null || age === 'UNDETERMINED') return 'baseline';
  const act = severity === 'C' ? '2' : '1';
  return BEFORE_PUBERTY.includes(age) ? `A${act}` : `B${act}`;
}

// The standard asks for a version 4 UUID; the same line is the same report however often it is sent.
function reportId(actionId: string): string {
  const bytes = createHash('sha256').update(`xarf ${actionId}`).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
