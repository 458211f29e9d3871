import { buildSchema } from 'graphql'
import { schema } from '@octokit/graphql-schema'

// GitHub's public schema as its package ships it.
export function github_schema() {
  return buildSchema(schema.idl, { assumeValid: true })
}
