import type { ResultOf } from 'gql.tada';
import { graphql } from '../graphql.ts';

export const Settings = graphql(`
  query PartnerSettings {
    briefing { email language state }
    webhooks {
      id url disabledOn
      deliveries { id kind month madeOn state attempts status }
    }
    ownKeys { id label prefix createdOn expiresOn lastUsedOn revokedOn }
    embeds { id country origin createdOn expiresOn revokedOn html }
  }
`);
export type OwnSettings = ResultOf<typeof Settings>;
export type ShownWebhook = OwnSettings['webhooks'][number];
export type ShownKey = OwnSettings['ownKeys'][number];
export type ShownEmbed = OwnSettings['embeds'][number];

export const SaveBriefing = graphql(`
  mutation SettingsSaveBriefing($input: SaveBriefingInput!) {
    result: saveBriefing(input: $input) { __typename ... on InvalidInputError { issues { path code } } }
  }
`);
export const StopBriefing = graphql(`
  mutation SettingsStopBriefing { result: stopOwnBriefing { __typename } }
`);

export const SaveWebhook = graphql(`
  mutation SettingsSaveWebhook($input: SaveWebhookInput!) {
    result: saveWebhook(input: $input) {
      __typename
      ... on CreatedWebhook { secret }
      ... on InvalidInputError { issues { path code } }
    }
  }
`);
export const TestWebhook = graphql(`
  mutation SettingsTestWebhook($id: ID!) {
    result: testWebhook(id: $id) { __typename ... on InvalidInputError { issues { path code } } }
  }
`);
export const ReplayWebhook = graphql(`
  mutation SettingsReplayWebhook($id: ID!) {
    result: replayWebhook(delivery: $id) { __typename ... on InvalidInputError { issues { path code } } }
  }
`);
export const DeleteWebhook = graphql(`
  mutation SettingsDeleteWebhook($id: ID!) { result: deleteWebhook(id: $id) { __typename } }
`);

export const CreateKey = graphql(`
  mutation SettingsCreateKey($input: CreateOwnKeyInput!) {
    result: createOwnKey(input: $input) {
      __typename
      ... on CreatedOwnKey { secret }
      ... on InvalidInputError { issues { path code } }
    }
  }
`);
export const RevokeKey = graphql(`
  mutation SettingsRevokeKey($id: ID!) { result: revokeOwnKey(id: $id) { __typename } }
`);

export const CreateEmbed = graphql(`
  mutation SettingsCreateEmbed($input: CreateEmbedInput!) {
    result: createEmbed(input: $input) { __typename ... on InvalidInputError { issues { path code } } }
  }
`);
export const RevokeEmbed = graphql(`
  mutation SettingsRevokeEmbed($id: ID!) { result: revokeEmbed(id: $id) { __typename } }
`);
