// Queries with known prices (contracts/github.md, 10 to 12), and mistakes that must be found.

const aliases = (count) =>
  '{ ' + Array.from({ length: count }, (_, i) =>
    `u${i}: user(login: "a") { followers(first: 100) { nodes { id } } }`).join(' ') + ' }'

const crawl = `query($ids: [ID!]!) { nodes(ids: $ids) { ... on User {
  followers(first: 100) { nodes { id } } following(first: 100) { nodes { id } }
  repositories(first: 100) { nodes { id } } } } }`
const ids = (count) => ({ ids: Array.from({ length: count }, (_, i) => `U_${i}`) })

const year = '{ user(login: "a") { ' + Array.from({ length: 13 }, (_, i) => `w${i}:
  contributionsCollection(from: "2024-01-01T00:00:00Z", to: "2024-01-28T23:59:59Z") {
    commitContributionsByRepository(maxRepositories: 100) { repository { id }
      contributions(first: 28) { nodes { occurredAt commitCount } } }
    issueContributions(first: 100) { nodes { occurredAt issue { id number title url } } }
    pullRequestContributions(first: 100) { nodes { occurredAt pullRequest { id merged mergedAt } } }
    pullRequestReviewContributions(first: 100) { nodes { pullRequestReview { id state url } } } }`).join(' ') + ' } }'

const details = 'query($author: ID!) { ' + Array.from({ length: 20 }, (_, i) => `r${i}: node(id: "R_${i}") {
  ... on Repository { nameWithOwner defaultBranchRef { target { ... on Commit {
    history(first: 100, author: {id: $author}, since: "2024-01-01T00:00:00Z", until: "2024-12-31T23:59:59Z") {
      totalCount pageInfo { hasNextPage endCursor }
      nodes { oid messageHeadline committedDate authoredDate additions deletions url } } } } } } }`).join(' ') + ' }'

const calendar = `query($login: String!) { rateLimit { cost limit remaining used resetAt nodeCount }
  user(login: $login) { id databaseId login name createdAt
    contributionsCollection { contributionYears hasAnyContributions restrictedContributionsCount
      contributionCalendar { totalContributions weeks { firstDay
        contributionDays { date contributionCount weekday } } } } } }`

export const right = [
  { name: 'the documented example of 5,101 requests', requests: 5101, cost: 51, query: `{ viewer { login
    repositories(first: 100) { edges { node { id issues(first: 50) { edges { node { id
      labels(first: 60) { edges { node { id name } } } } } } } } } } }` },
  { name: 'the documented example of 22,060 nodes', nodes: 22060, query: `{ viewer {
    repositories(first: 50) { edges { repository: node { name
      pullRequests(first: 20) { edges { pullRequest: node { title
        comments(first: 10) { edges { comment: node { bodyHTML } } } } } }
      issues(first: 20) { totalCount edges { issue: node { title bodyHTML
        comments(first: 10) { edges { comment: node { bodyHTML } } } } } } } } }
    followers(first: 10) { edges { follower: node { login } } } } }` },
  { name: 'the measured query of 601 requests', requests: 601, nodes: 52100, cost: 6, query: `{ viewer {
    followers(first: 100) { nodes { a: followers(first: 100) { nodes { login } }
      b: following(first: 100) { nodes { login } } c: repositories(first: 100) { nodes { name } }
      d: followers(first: 100) { nodes { login } } e: following(first: 100) { nodes { login } }
      f: repositories(first: 20) { nodes { name } } } } } }` },
  { name: '127 aliases', query: aliases(127), cost: 1 },
  { name: '149 aliases', query: aliases(149), cost: 1 },
  { name: '150 aliases', query: aliases(150), cost: 2 },
  { name: '49 ids with three lists', query: crawl, variables: ids(49), requests: 147, cost: 1 },
  { name: '50 ids with three lists', query: crawl, variables: ids(50), cost: 2 },
  { name: '100 ids with three lists', query: crawl, variables: ids(100), cost: 3 },
  { name: 'a year in 13 windows', query: year, requests: 52, nodes: 4264, cost: 1 },
  { name: 'line counts of 20 repositories', query: details, variables: { author: 'U_1' }, requests: 20, cost: 1 },
  { name: 'a calendar', query: calendar, variables: { login: 'a' }, requests: 0, cost: 1 },
]

export const wrong = [
  { name: 'an unknown field', query: '{ viewer { shoeSize } }', why: 'Cannot query field "shoeSize"' },
  { name: 'an unknown argument', query: '{ user(name: "a") { id } }', why: 'Unknown argument "name"' },
  { name: 'a page of 101', query: '{ viewer { followers(first: 101) { nodes { id } } } }', why: 'is not from 1 to 100' },
  { name: 'no page size', query: '{ viewer { followers { nodes { id } } } }', why: 'needs first or last' },
  { name: 'a variable of the wrong type', query: calendar, variables: { login: 7 }, why: 'String cannot represent' },
  { name: 'an undeclared variable', query: '{ user(login: $x) { id } }', why: 'Variable "$x" is not defined' },
  { name: '101 ids', query: crawl, variables: ids(101), why: '101 ids, at most 100' },
  { name: 'too many nodes', why: "GitHub's limit is 500000", query: `{ viewer { followers(first: 100) { nodes {
    followers(first: 100) { nodes { followers(first: 100) { nodes { id } } } } } } } }` },
  { name: 'a wrong prediction', query: aliases(150), cost: 1, why: 'predicted cost 1, by the rule it is 2' },
  { name: 'broken text', query: '{ viewer {', why: 'Syntax Error' },
]
