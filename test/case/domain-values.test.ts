import { describe, expect, it } from 'vitest';
import * as assessment from '../../src/domain/assessment.ts';
import { caseOutcomes, caseStates } from '../../src/domain/case-lifecycle.ts';
import { reportSources } from '../../src/domain/priority.ts';
import { reviewTriggerKinds } from '../../src/domain/review-policy.ts';
import * as enums from '../../src/generated/prisma/enums.ts';

describe('the values of the domain', () => {
  it.each<[string, readonly string[], Record<string, string>]>([
    ['case states', caseStates, enums.CaseState],
    ['case outcomes', caseOutcomes, enums.CaseOutcome],
    ['review triggers', reviewTriggerKinds, enums.ReviewTrigger],
    ['report sources', reportSources, enums.ReportSource],
    ['verdicts', assessment.verdicts, enums.Verdict],
    ['reasons', assessment.notActionableReasons, enums.NotActionableReason],
    ['severities', assessment.severities, enums.Severity],
    ['ages', assessment.ageBands, enums.AgeBand],
    ['sexes', assessment.sexesSeen, enums.SexSeen],
    ['forms', assessment.imageForms, enums.ImageForm],
    ['commercialities', assessment.commercialities, enums.Commerciality],
    ['site types', assessment.siteTypes, enums.SiteType],
    ['jurisdictions', assessment.jurisdictions, enums.Jurisdiction],
  ])('are those of the tables: %s', (_what, domain, table) => {
    expect(Object.values(table)).toEqual([...domain]);
  });
});
