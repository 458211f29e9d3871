// Members' pages behind a reverse proxy that speaks TLS with the world and plain http with us.
import assert from 'node:assert/strict'
import http from 'node:http'
import { ask } from './world.mjs'

// As nginx does with $proxy_add_x_forwarded_for. The test says in x-client who is asking.
export async function start_proxy(world) {
  const server = http.createServer((request, answer) => {
    const { 'x-client': client, ...headers } = request.headers
    headers['x-forwarded-for'] = [request.headers['x-forwarded-for'], client].filter(Boolean).join(', ')
    headers['x-forwarded-proto'] = 'https'
    const onward = http.request({ host: '127.0.0.1', port: world.public_port, method: request.method, path: request.url, headers },
      (reply) => {
        answer.writeHead(reply.statusCode, reply.headers)
        reply.pipe(answer)
      })
    onward.on('error', () => answer.writeHead(502).end())
    request.pipe(onward)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

const headers_of = (headers) => ({ host: 'tidemark.example.org', ...headers })

const through = (proxy, client, path = '/', headers = {}) =>
  ask({ host: '127.0.0.1', port: proxy.address().port, path, headers: headers_of({ 'x-client': client, ...headers }) })

const directly = (world, path, headers) =>
  ask({ host: '127.0.0.1', port: world.public_port, path, headers: headers_of(headers) })

export const behind_a_proxy = {
  async cookies_are_safe_although_the_last_leg_is_plain(world, proxy) {
    const { headers } = await through(proxy, '203.0.113.1', '/openhumans/start')
    assert.match(headers['set-cookie'][0], /^__Host-tidemark-start-.*; Secure/)
    assert.match(headers['strict-transport-security'], /max-age=\d{7}/)
  },

  async each_address_behind_it_has_a_rate_of_its_own(world, proxy) {
    for (let i = 0; i < 10; i += 1) assert.equal((await through(proxy, '203.0.113.7')).status, 200)
    const refused = await through(proxy, '203.0.113.7')
    assert.equal(refused.status, 429)
    assert.ok(Number(refused.headers['retry-after']) > 0)
    assert.match(refused.text, /<h1>Too many requests<\/h1>.*wait \d+ seconds/s)
    assert.equal((await through(proxy, '203.0.113.8')).status, 200)
  },

  async what_the_asker_wrote_itself_changes_nothing(world, proxy) {
    const answer = await through(proxy, '203.0.113.7', '/', { 'x-forwarded-for': '198.51.100.9' })
    assert.equal(answer.status, 429)
  },

  async another_host_is_no_site_of_ours(world, proxy) {
    const answer = await through(proxy, '203.0.113.9', '/', { host: 'elsewhere.example.org' })
    assert.equal(answer.status, 421)
  },
}

export const no_proxy_is_trusted = {
  async forwarded_addresses_count_for_nothing(world) {
    const answers = []
    for (let i = 0; i < 11; i += 1) {
      answers.push((await directly(world, '/', { 'x-forwarded-for': `203.0.113.${i}`, forwarded: `for=203.0.113.${i}` })).status)
    }
    assert.deepEqual(answers, [...Array(10).fill(200), 429])
  },
}
