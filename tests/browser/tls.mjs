// Members' pages with a certificate of our own.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { copyFileSync, writeFileSync } from 'node:fs'
import https from 'node:https'
import { consent } from '../oauth/simulated.mjs'
import { ask, until } from './world.mjs'

// Puts a new self-signed certificate where the daemon looks for one.
export function make_certificate(world, name) {
  const [key, certificate] = [world.file(`${name}.key`), world.file(`${name}.crt`)]
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
    '-keyout', key, '-out', certificate, '-days', '2', '-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost'],
  { stdio: 'ignore' })
  copyFileSync(key, world.file('served.key'))
  copyFileSync(certificate, world.file('served.crt'))
}

function get(world, path, { agent = new https.Agent(), headers = {} } = {}) {
  const { port, host } = new URL(world.url)
  return ask({ via: https, host: '127.0.0.1', port, path, agent, rejectUnauthorized: false, servername: 'localhost', headers: { host, ...headers } })
}

const common_name = async (world, agent) => {
  const { socket } = await get(world, '/health', { agent })
  return socket.getPeerCertificate().subject.CN
}

function is_safe(cookie) {
  assert.match(cookie, /^__Host-tidemark/)
  for (const word of ['; Secure', '; HttpOnly', '; SameSite=Lax', '; Path=/']) assert.ok(cookie.includes(word), cookie)
  assert.doesNotMatch(cookie, /domain=/i)
}

const pair = (cookie) => cookie.split(';')[0]

export const own_tls = {
  async every_answer_asks_to_come_back_over_tls(world) {
    for (const path of ['/', '/health', '/assets/site.css', '/nothing']) {
      const { headers } = await get(world, path)
      assert.match(headers['strict-transport-security'] ?? '', /max-age=\d{7}/, path)
    }
  },

  async a_whole_sign_in_sets_safe_cookies_only(world) {
    const start = await get(world, '/openhumans/start')
    assert.equal(start.status, 303)
    start.headers['set-cookie'].forEach(is_safe)
    const back = await consent(start.headers.location, 'sim_oh=00000001')
    assert.equal(back.origin, world.url)
    const cookie = start.headers['set-cookie'].map(pair).join('; ')
    const done = await get(world, back.pathname + back.search, { headers: { cookie } })
    assert.equal(done.headers.location, '/member')
    done.headers['set-cookie'].forEach(is_safe)
    const session = done.headers['set-cookie'].map(pair).find((each) => each.startsWith('__Host-tidemark='))
    assert.equal((await get(world, '/member', { headers: { cookie: session } })).status, 200)
    // What plain http would have called it counts for nothing here.
    const without_prefix = session.replace('__Host-', '')
    assert.equal((await get(world, '/member', { headers: { cookie: without_prefix } })).status, 303)
  },

  async plain_http_is_not_spoken_here(world) {
    const { port, host } = new URL(world.url)
    await assert.rejects(ask({ host: '127.0.0.1', port, path: '/', headers: { host } }))
  },

  async a_new_certificate_is_served_after_sighup_and_old_connections_go_on(world) {
    const kept = new https.Agent({ keepAlive: true, maxSockets: 1 })
    try {
      assert.equal(await common_name(world, kept), 'first')
      make_certificate(world, 'second')
      world.daemon.kill('SIGHUP')
      await until('the new certificate is served', async () => await common_name(world) === 'second')
      const { socket } = await get(world, '/health', { agent: kept })
      assert.equal(socket.getPeerCertificate().subject.CN, 'first', 'the old connection goes on')
    } finally {
      kept.destroy()
    }
  },

  async a_broken_certificate_leaves_the_old_one_in_use(world) {
    writeFileSync(world.file('served.crt'), 'no PEM')
    world.daemon.kill('SIGHUP')
    await until('the log says so', () => world.said('daemon.log').includes('the old certificate stays in use'))
    assert.equal(await common_name(world), 'second')
  },
}
