// Open Humans' paths over an OAuth 2 server that others wrote: all that is decided about codes,
// verifiers and tokens is decided by @node-oauth/oauth2-server. Around it the few calls of the API
// that a sync needs.
import { createHash } from 'node:crypto'
import http from 'node:http'
import OAuth2Server from '@node-oauth/oauth2-server'

const { Request, Response } = OAuth2Server
const project_id = 7

// What the library asks to be remembered.
function memory(client) {
  const codes = new Map()
  const tokens = []
  const find = (name, text) => tokens.find((each) => each[name] === text)
  return {
    tokens,
    getClient: async (id, secret) => id === client.id && (secret === null || secret === client.secret) && client,
    saveAuthorizationCode: async (code, of_client, user) => {
      codes.set(code.authorizationCode, { ...code, client: of_client, user })
      return codes.get(code.authorizationCode)
    },
    getAuthorizationCode: async (text) => codes.get(text),
    revokeAuthorizationCode: async (code) => codes.delete(code.authorizationCode),
    saveToken: async (token, of_client, user) => {
      tokens.push({ ...token, client: of_client, user })
      return tokens.at(-1)
    },
    getAccessToken: async (text) => find('accessToken', text),
    getRefreshToken: async (text) => find('refreshToken', text),
    // Both of a pair die at once.
    revokeToken: async (token) => {
      const at = tokens.findIndex((each) => each.refreshToken === token.refreshToken)
      if (at >= 0) tokens.splice(at, 1)
      return at >= 0
    },
  }
}

async function read(request) {
  const pieces = []
  for await (const piece of request) pieces.push(piece)
  return Buffer.concat(pieces)
}

const json = (status, body) => ({ status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })

export class OpenHumansServer {
  // Who is logged in here is said by the cookie person=ID.
  constructor({ id, secret, redirect_uri, access_lifetime_s }) {
    this.client = { id, secret, grants: ['authorization_code', 'refresh_token'], redirectUris: [redirect_uri] }
    this.memory = memory(this.client)
    this.oauth = new OAuth2Server({ model: this.memory, accessTokenLifetime: access_lifetime_s })
    this.grants = []  // every request for tokens: {grant_type, basic, in_body, verifier, status, error}
    this.files = new Map()
    this.server = http.createServer((request, response) => this.serve(request, response))
  }

  async listen() {
    this.server.listen(0, '127.0.0.1')
    await new Promise((resolve) => this.server.once('listening', resolve))
    this.url = `http://127.0.0.1:${this.server.address().port}`
  }

  stop() {
    this.server.close()
    this.server.closeAllConnections()
  }

  async serve(incoming, outgoing) {
    const body = await read(incoming)
    const url = new URL(incoming.url, this.url)
    const is_form = incoming.headers['content-type']?.startsWith('application/x-www-form-urlencoded')
    const request = new Request({
      method: incoming.method, headers: incoming.headers, query: Object.fromEntries(url.searchParams),
      body: is_form ? Object.fromEntries(new URLSearchParams(body.toString())) : {},
    })
    request.bytes = body
    const answer = await this.answer(url.pathname, request).catch((error) => json(error.code ?? 500, { detail: String(error) }))
    outgoing.writeHead(answer.status, answer.headers)
    outgoing.end(typeof answer.body === 'object' ? JSON.stringify(answer.body) : answer.body)
  }

  async answer(path, request) {
    const api = '/api/direct-sharing/project/'
    if (path === '/direct-sharing/projects/oauth2/authorize/') return this.authorize(request)
    if (path === '/oauth2/token/') return this.token(request)
    if (path === '/oauth2/revoke_token/') return this.revoke(request)
    if (path.startsWith('/stored/')) return this.store(path, request)
    if (path.startsWith(api)) return this.api(path.slice(api.length), request)
    return json(404, { detail: 'Not found.' })
  }

  async authorize(request) {
    if (!request.query.code_challenge) return json(400, { error: 'invalid_request', error_description: 'PKCE is required' })
    const id = /\bperson=(\d+)/.exec(request.headers.cookie ?? '')?.[1]
    const answer = new Response()
    await this.oauth.authorize(request, answer, { authenticateHandler: { handle: () => id && { id } } }).catch(() => {})
    return answer
  }

  async token(request) {
    const answer = new Response()
    const error = await this.oauth.token(request, answer).then(() => undefined, (thrown) => thrown)
    this.grants.push({
      grant_type: request.body.grant_type, basic: /^Basic /.test(request.headers.authorization ?? ''),
      in_body: 'client_secret' in request.body, verifier: request.body.code_verifier, status: answer.status, error: error?.name,
    })
    answer.headers['content-type'] = 'application/json'
    return answer
  }

  async revoke(request) {
    const given = request.body.token
    const token = this.memory.tokens.find((each) => each.refreshToken === given || each.accessToken === given)
    if (token) await this.memory.revokeToken(token)
    return { status: 200, headers: {}, body: '' }
  }

  // The storage behind a presigned address knows nobody's token.
  async store(path, request) {
    const file = this.files.get(path.split('/').at(-1))
    file.content = request.bytes.toString()
    const md5 = createHash('md5').update(request.bytes).digest('hex')
    return { status: 200, headers: { etag: `"${md5}"` }, body: '' }
  }

  async api(path, request) {
    const answer = new Response()
    try {
      const { user } = await this.oauth.authenticate(request, answer)
      return this.of_member(path, request, user)
    } catch (error) {
      return { ...json(error.code, { detail: error.message }), headers: { ...answer.headers, 'content-type': 'application/json' } }
    }
  }

  of_member(path, request, user) {
    const fields = { ...request.body, ...this.posted(request) }
    if (path === '') return json(200, { id: project_id, id_label: `direct-sharing-${project_id}`, active: true })
    if (path === 'exchange-member/') {
      const data = [...this.files.values()].filter((each) => each.member === user.id && each.completed).map((each) => ({
        id: each.id, basename: each.basename, created: each.created, metadata: each.metadata,
        download_url: `${this.url}/stored/${each.id}`, source: `direct-sharing-${project_id}`,
      }))
      return json(200, {
        created: '2026-01-01T00:00:00Z', project_member_id: user.id, message_permission: true,
        sources_shared: [], username: null, data, count: data.length, next: null, previous: null,
      })
    }
    if (path === 'files/upload/direct/') {
      const id = this.files.size + 1
      const metadata = JSON.parse(fields.metadata ?? '{}')
      this.files.set(String(id), { id, member: user.id, basename: fields.filename, metadata, created: new Date().toISOString() })
      return json(201, { id, url: `${this.url}/stored/${id}` })
    }
    if (path === 'files/upload/complete/') {
      const file = this.files.get(String(fields.file_id))
      file.completed = true
      return json(200, { status: 'ok', size: file.content.length })
    }
    if (path === 'files/delete/') return json(200, { ids: [] })
    return json(404, { detail: 'Not found.' })
  }

  posted(request) {
    const type = request.headers['content-type'] ?? ''
    return type.startsWith('application/json') && request.bytes.length > 0 ? JSON.parse(request.bytes.toString()) : {}
  }
}
