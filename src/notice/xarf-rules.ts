import { z } from 'zod';

const contactInfo = z.strictObject({
  org: z.string().max(200),
  contact: z.email(),
  domain: z.hostname(),
});

/**
 * The rules of XARF 4 for a report of category `content` and type `csam`, as the published schemas state them (xarf-core, content-base and
 * content-csam of github.com/xarf/xarf-spec, read in November 2026), and one of our own: no evidence, since that would be content.
 */
export const xarfRules = z
  .looseObject({
    xarf_version: z.string().regex(/^4\.[0-9]+\.[0-9]+$/),
    report_id: z.uuidv4(),
    timestamp: z.iso.datetime({ offset: true }),
    reporter: contactInfo,
    sender: contactInfo,
    source_identifier: z.string().min(1),
    category: z.literal('content'),
    type: z.literal('csam'),
    url: z.url(),
    classification: z.enum(['baseline', 'A1', 'A2', 'B1', 'B2']),
    detection_method: z.enum(['hash_match', 'ai_detection', 'manual_review', 'user_report', 'automated_scan']),
    verified_at: z.iso.datetime({ offset: true }).optional(),
    verification_method: z
      .enum(['manual', 'automated_crawler', 'user_report', 'honeypot', 'threat_intelligence'])
      .optional(),
    evidence_source: z.string().optional(),
    confidence: z.number().min(0).max(1).optional(),
    description: z.string().max(1_000).optional(),
    domain: z.hostname().optional(),
  })
  .refine((report) => !('evidence' in report) && !('screenshot_url' in report), 'A report of ours holds no evidence.');
