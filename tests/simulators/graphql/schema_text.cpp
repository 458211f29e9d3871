#include "tests/simulators/graphql/schema.hpp"

namespace tidemark::simulators::graphql {

// Names and types as in GitHub's public schema; a subset. tests/schema/validate.mjs checks the
// queries themselves against the whole of it.
std::string_view github_schema_text() {
  return R"(
interface Node { id: ID! }
interface Actor { login: String! url: URI! avatarUrl(size: Int): URI! }
interface RepositoryOwner {
  id: ID! login: String! url: URI! avatarUrl(size: Int): URI!
  repositories(first: Int after: String last: Int before: String isFork: Boolean isArchived: Boolean
    ownerAffiliations: [RepositoryAffiliation] orderBy: RepositoryOrder privacy: RepositoryPrivacy): RepositoryConnection!
}
interface GitObject { id: ID! oid: GitObjectID! }

type Query {
  rateLimit(dryRun: Boolean): RateLimit
  viewer: User!
  user(login: String!): User
  repositoryOwner(login: String!): RepositoryOwner
  node(id: ID!): Node
  nodes(ids: [ID!]!): [Node]!
  repository(owner: String! name: String! followRenames: Boolean): Repository
}
type RateLimit {
  cost: Int! limit: Int! nodeCount: Int! remaining: Int! resetAt: DateTime! used: Int!
}
type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }

type Organization implements Node & Actor & RepositoryOwner {
  id: ID! databaseId: Int login: String! name: String url: URI! avatarUrl(size: Int): URI!
  location: String description: String email: String websiteUrl: URI twitterUsername: String
  createdAt: DateTime! updatedAt: DateTime!
  repositories(first: Int after: String last: Int before: String isFork: Boolean isArchived: Boolean
    ownerAffiliations: [RepositoryAffiliation] orderBy: RepositoryOrder privacy: RepositoryPrivacy): RepositoryConnection!
}
type Bot implements Node & Actor {
  id: ID! databaseId: Int login: String! url: URI! avatarUrl(size: Int): URI!
  createdAt: DateTime! updatedAt: DateTime!
}
type User implements Node & Actor & RepositoryOwner {
  id: ID! databaseId: Int login: String! name: String url: URI! avatarUrl(size: Int): URI!
  location: String bio: String company: String email: String! websiteUrl: URI twitterUsername: String
  isHireable: Boolean! createdAt: DateTime! updatedAt: DateTime!
  contributionsCollection(organizationID: ID from: DateTime to: DateTime): ContributionsCollection!
  repositories(first: Int after: String last: Int before: String isFork: Boolean isArchived: Boolean
    ownerAffiliations: [RepositoryAffiliation] orderBy: RepositoryOrder privacy: RepositoryPrivacy): RepositoryConnection!
  starredRepositories(first: Int after: String last: Int before: String ownedByViewer: Boolean
    orderBy: StarOrder): StarredRepositoryConnection!
  gists(first: Int after: String last: Int before: String orderBy: GistOrder privacy: GistPrivacy): GistConnection!
  followers(first: Int after: String last: Int before: String): FollowerConnection!
  following(first: Int after: String last: Int before: String): FollowingConnection!
}
type StarredRepositoryConnection { totalCount: Int! pageInfo: PageInfo! nodes: [Repository] edges: [StarredRepositoryEdge] }
type StarredRepositoryEdge { cursor: String! node: Repository! }
type GistConnection { totalCount: Int! pageInfo: PageInfo! nodes: [Gist] edges: [GistEdge] }
type GistEdge { cursor: String! node: Gist }
type Gist implements Node { id: ID! name: String! isPublic: Boolean! createdAt: DateTime! }
type UserConnection { totalCount: Int! pageInfo: PageInfo! nodes: [User] edges: [UserEdge] }
type FollowerConnection { totalCount: Int! pageInfo: PageInfo! nodes: [User] edges: [UserEdge] }
type FollowingConnection { totalCount: Int! pageInfo: PageInfo! nodes: [User] edges: [UserEdge] }
type UserEdge { cursor: String! node: User }

type ContributionsCollection {
  startedAt: DateTime! endedAt: DateTime! hasAnyContributions: Boolean! contributionYears: [Int!]!
  user: User!
  hasAnyRestrictedContributions: Boolean! restrictedContributionsCount: Int!
  totalCommitContributions: Int! totalIssueContributions(excludeFirst: Boolean excludePopular: Boolean): Int!
  totalPullRequestContributions(excludeFirst: Boolean excludePopular: Boolean): Int!
  totalPullRequestReviewContributions: Int! totalRepositoryContributions(excludeFirst: Boolean): Int!
  totalRepositoriesWithContributedCommits: Int!
  contributionCalendar: ContributionCalendar!
  commitContributionsByRepository(maxRepositories: Int): [CommitContributionsByRepository!]!
  issueContributions(first: Int after: String last: Int before: String excludeFirst: Boolean
    excludePopular: Boolean orderBy: ContributionOrder): CreatedIssueContributionConnection!
  pullRequestContributions(first: Int after: String last: Int before: String excludeFirst: Boolean
    excludePopular: Boolean orderBy: ContributionOrder): CreatedPullRequestContributionConnection!
  pullRequestReviewContributions(first: Int after: String last: Int before: String
    orderBy: ContributionOrder): CreatedPullRequestReviewContributionConnection!
  repositoryContributions(first: Int after: String last: Int before: String excludeFirst: Boolean
    orderBy: ContributionOrder): CreatedRepositoryContributionConnection!
}
type ContributionCalendar { totalContributions: Int! weeks: [ContributionCalendarWeek!]! }
type ContributionCalendarWeek { firstDay: Date! contributionDays: [ContributionCalendarDay!]! }
type ContributionCalendarDay { date: Date! contributionCount: Int! weekday: Int! }

type CommitContributionsByRepository {
  repository: Repository! url: URI! resourcePath: URI!
  contributions(first: Int after: String last: Int before: String
    orderBy: CommitContributionOrder): CreatedCommitContributionConnection!
}
type CreatedCommitContributionConnection {
  totalCount: Int! pageInfo: PageInfo! nodes: [CreatedCommitContribution] edges: [CreatedCommitContributionEdge]
}
type CreatedCommitContributionEdge { cursor: String! node: CreatedCommitContribution }
type CreatedCommitContribution {
  occurredAt: DateTime! commitCount: Int! isRestricted: Boolean! repository: Repository! user: User! url: URI!
}
type CreatedIssueContributionConnection {
  totalCount: Int! pageInfo: PageInfo! nodes: [CreatedIssueContribution] edges: [CreatedIssueContributionEdge]
}
type CreatedIssueContributionEdge { cursor: String! node: CreatedIssueContribution }
type CreatedIssueContribution { occurredAt: DateTime! isRestricted: Boolean! issue: Issue! user: User! url: URI! }
type CreatedPullRequestContributionConnection {
  totalCount: Int! pageInfo: PageInfo! nodes: [CreatedPullRequestContribution] edges: [CreatedPullRequestContributionEdge]
}
type CreatedPullRequestContributionEdge { cursor: String! node: CreatedPullRequestContribution }
type CreatedPullRequestContribution {
  occurredAt: DateTime! isRestricted: Boolean! pullRequest: PullRequest! user: User! url: URI!
}
type CreatedPullRequestReviewContributionConnection {
  totalCount: Int! pageInfo: PageInfo! nodes: [CreatedPullRequestReviewContribution] edges: [CreatedPullRequestReviewContributionEdge]
}
type CreatedPullRequestReviewContributionEdge { cursor: String! node: CreatedPullRequestReviewContribution }
type CreatedPullRequestReviewContribution {
  occurredAt: DateTime! isRestricted: Boolean! pullRequest: PullRequest!
  pullRequestReview: PullRequestReview! repository: Repository! user: User! url: URI!
}
type CreatedRepositoryContributionConnection {
  totalCount: Int! pageInfo: PageInfo! nodes: [CreatedRepositoryContribution] edges: [CreatedRepositoryContributionEdge]
}
type CreatedRepositoryContributionEdge { cursor: String! node: CreatedRepositoryContribution }
type CreatedRepositoryContribution {
  occurredAt: DateTime! isRestricted: Boolean! repository: Repository! user: User! url: URI!
}

type RepositoryConnection { totalCount: Int! pageInfo: PageInfo! nodes: [Repository] edges: [RepositoryEdge] }
type RepositoryEdge { cursor: String! node: Repository }
type Repository implements Node {
  id: ID! databaseId: Int name: String! nameWithOwner: String! url: URI! description: String
  isFork: Boolean! isPrivate: Boolean! isArchived: Boolean! isEmpty: Boolean!
  isDisabled: Boolean! hasIssuesEnabled: Boolean! hasProjectsEnabled: Boolean! hasWikiEnabled: Boolean!
  homepageUrl: URI primaryLanguage: Language stargazerCount: Int! forkCount: Int!
  createdAt: DateTime! updatedAt: DateTime! pushedAt: DateTime owner: RepositoryOwner! defaultBranchRef: Ref
  watchers(first: Int after: String last: Int before: String): UserConnection!
  issues(first: Int after: String last: Int before: String states: [IssueState!]): IssueConnection!
  pullRequests(first: Int after: String last: Int before: String): PullRequestConnection!
}
type Language implements Node { id: ID! name: String! }
type Ref implements Node { id: ID! name: String! prefix: String! target: GitObject }
type Commit implements Node & GitObject {
  id: ID! oid: GitObjectID! abbreviatedOid: String! message: String! messageHeadline: String!
  committedDate: DateTime! authoredDate: DateTime! additions: Int! deletions: Int! url: URI!
  author: GitActor
  history(first: Int after: String last: Int before: String path: String author: CommitAuthor
    since: GitTimestamp until: GitTimestamp): CommitHistoryConnection!
}
type GitActor { name: String email: String date: GitTimestamp user: User }
type CommitHistoryConnection { totalCount: Int! pageInfo: PageInfo! nodes: [Commit] edges: [CommitEdge] }
type CommitEdge { cursor: String! node: Commit }

type IssueConnection { totalCount: Int! pageInfo: PageInfo! nodes: [Issue] edges: [IssueEdge] }
type IssueEdge { cursor: String! node: Issue }
type Issue implements Node {
  id: ID! number: Int! title: String! url: URI! createdAt: DateTime! state: IssueState! bodyHTML: HTML!
  closedAt: DateTime repository: Repository! author: Actor
  labels(first: Int after: String last: Int before: String): LabelConnection
  comments(first: Int after: String last: Int before: String): IssueCommentConnection!
}
type PullRequestConnection { totalCount: Int! pageInfo: PageInfo! nodes: [PullRequest] edges: [PullRequestEdge] }
type PullRequestEdge { cursor: String! node: PullRequest }
type PullRequest implements Node {
  id: ID! number: Int! title: String! url: URI! createdAt: DateTime! state: PullRequestState!
  merged: Boolean! mergedAt: DateTime closedAt: DateTime repository: Repository! author: Actor
  comments(first: Int after: String last: Int before: String): IssueCommentConnection!
}
type PullRequestReview implements Node {
  id: ID! state: PullRequestReviewState! createdAt: DateTime! submittedAt: DateTime url: URI!
  pullRequest: PullRequest! repository: Repository! author: Actor
}
type LabelConnection { totalCount: Int! pageInfo: PageInfo! nodes: [Label] edges: [LabelEdge] }
type LabelEdge { cursor: String! node: Label }
type Label { id: ID! name: String! }
type IssueCommentConnection { totalCount: Int! pageInfo: PageInfo! nodes: [IssueComment] edges: [IssueCommentEdge] }
type IssueCommentEdge { cursor: String! node: IssueComment }
type IssueComment { id: ID! bodyHTML: HTML! }
)";
}

}  // namespace tidemark::simulators::graphql
