import { graphql } from '../graphql.ts';

/** All published months of a country, with what they mean. */
export const FiguresToTake = graphql(`
  query FiguresToTake($country: CountryCode!, $from: YearMonth!, $to: YearMonth!) {
    countryStatistics(country: $country, from: $from, to: $to) {
      country asOf
      definitions { term text version }
      months {
        month edition publishedOn correction definitionsVersion
        reports { value } assessed { value } actionable { value }
        rates { of percent }
        breakdowns { by of hidden cells { key label figure { value } } }
        speeds { until medianHours ninetiethHours }
      }
    }
  }
`);

/** All years of the network. */
export const OpenData = graphql(`
  query OpenData {
    openData {
      year edition publishedOn correction definitionsVersion countries monthsShown
      definitions { term text version }
      reports { ...Sum } assessed { ...Sum } actionable { ...Sum }
      breakdowns { by of cells { key label figure { ...Sum } } }
    }
  }
  fragment Sum on SumFigure { value leftOut }
`);
