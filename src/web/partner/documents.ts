import type { ResultOf } from 'gql.tada';
import { graphql } from '../graphql.ts';

/** What one sentence a country needs. */
export const Overview = graphql(`
  query PartnerOverview($country: CountryCode!, $from: YearMonth!, $to: YearMonth!) {
    countryStatistics(country: $country, from: $from, to: $to) {
      asOf
      months { month reports { value } }
      provisional { value }
    }
  }
`);
export type CountryOverview = ResultOf<typeof Overview>['countryStatistics'];

/** The totals of many months, and all of the newest of those that are shown beside each other. */
export const Briefing = graphql(`
  query PartnerBriefing($country: CountryCode!, $from: YearMonth!, $to: YearMonth!) {
    countryStatistics(country: $country, from: $from, to: $to) {
      asOf
      definitions { term text version }
      months { month reports { value } }
      provisional { value }
    }
  }
`);

export const MonthOfCountry = graphql(`
  query PartnerMonth($country: CountryCode!, $month: YearMonth!) {
    countryStatistics(country: $country, from: $month, to: $month) {
      definitions { term text version }
      months {
        month edition publishedOn correction definitionsVersion
        earlier { edition publishedOn correction }
        reports { value } assessed { value } actionable { value }
        rates { of percent }
        speeds { until medianHours ninetiethHours }
        breakdowns { by of hidden cells { key label figure { value } } }
      }
    }
  }
`);
type Statistics = ResultOf<typeof MonthOfCountry>['countryStatistics'];
export type Month = Statistics['months'][number];
export type Table = Month['breakdowns'][number];
export type Definition = Statistics['definitions'][number];

export const Group = graphql(`
  query PartnerGroup($month: YearMonth!) {
    groupStatistics(from: $month, to: $month) {
      name
      months {
        month edition publishedOn correction countries
        reports { value leftOut } assessed { value leftOut } actionable { value leftOut }
        breakdowns { by cells { key label figure { value leftOut } } }
      }
    }
  }
`);
export type GroupMonth = NonNullable<ResultOf<typeof Group>['groupStatistics']>['months'][number];

/** The countries that the hotline has portals for: what its own people may read. */
export const AllCountries = graphql(`
  query AllCountries { portals { country } }
`);
