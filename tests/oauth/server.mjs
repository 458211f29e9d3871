// Holds the daemon's OAuth client against an OAuth 2 server of good standing: the real tidemark
// signs a person in through @node-oauth/oauth2-server, and renews its tokens there.
//
//   node tests/oauth/server.mjs build/dev
// Prints TAP and a last line "N passed, N failed"; exits 1 when one failed.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { World, commits_of, free_port, until } from '../browser/world.mjs'
import { OpenHumansServer } from './open_humans_server.mjs'

const programs = process.argv[2] ?? 'build/dev'
const member = '01234567'
const login = 'mona'
// Plain letters: the library does not decode what RFC 6749 2.3.1 has encoded; Open Humans does.
const client = { id: 'tidemark-at-another', secret: 'secret-of-another' }

// A browser as far as redirects, forms and cookies go; all sites here share one host, and so a jar.
class Browser {
  constructor(cookies) {
    this.cookies = new Map(Object.entries(cookies))
  }

  async ask(url, form) {
    const headers = { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') }
    const body = form && new URLSearchParams(form)
    if (form) headers.origin = new URL(url).origin
    const answer = await fetch(url, { method: form ? 'POST' : 'GET', body, headers, redirect: 'manual' })
    for (const each of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(each)
      if (/Max-Age=0/.test(each)) this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
    const location = answer.headers.get('location')
    return { status: answer.status, url, html: await answer.text(), next: location && new URL(location, url).href }
  }

  async visit(url, form) {
    let page = await this.ask(url, form)
    while (page.next) page = await this.ask(page.next)
    return page
  }
}

const csrf_of = (page) => /name="csrf" value="([^"]*)"/.exec(page.html)[1]

class Site {
  async start() {
    const port = await free_port()
    const url = `http://127.0.0.1:${port}`
    this.provider = new OpenHumansServer({ ...client, redirect_uri: `${url}/openhumans/complete`, access_lifetime_s: 1 })
    await this.provider.listen()
    this.world = new World(programs)
    await this.world.start_simulators(commits_of(login, `${login}/one`, 300, 20), [], 60)
    const openhumans = {
      url: this.provider.url, client_id: client.id,
      client_secret_file: this.world.write('another-secret', client.secret),
    }
    await this.world.start_daemon({ openhumans, public: { port } })
  }

  browser() {
    return new Browser({ person: member, sim_github: login })
  }

  // To Open Humans and back, but for the last step: the address to come back to.
  async openhumans_return(browser) {
    const start = await browser.ask(`${this.world.url}/openhumans/start`)
    return (await browser.ask(start.next)).next
  }

  async sign_in(browser) {
    return browser.visit(await this.openhumans_return(browser))
  }

  async connect(browser) {
    const page = await browser.visit(`${this.world.url}/member`)
    const start = await browser.ask(`${this.world.url}/github/connect`, { csrf: csrf_of(page), private: 'no' })
    const back = await browser.ask(start.next, { allow: 'yes' })
    return browser.visit(back.next)
  }

  async job() {
    const { jobs } = JSON.parse((await this.world.control('/v1/jobs?kind=sync')).text)
    return jobs[0]
  }

  command(...words) {
    const program = `${programs}/tidemark`
    return promisify(execFile)(program, ['--config', this.world.file('tidemark.toml'), ...words])
  }

  async stop() {
    await this.world?.stop()
    this.provider?.stop()
  }
}

async function api_status(site, access) {
  const headers = { authorization: `Bearer ${access}` }
  return (await fetch(`${site.provider.url}/api/direct-sharing/project/exchange-member/`, { headers })).status
}

const cases = {
  'a person signs in, with PKCE and the secret in the header': async (site) => {
    const page = await site.sign_in(site.browser())
    assert.equal(page.url, `${site.world.url}/member`)
    assert.equal(page.status, 200)
    assert.match(page.html, new RegExp(member))
    const [grant, ...more] = site.provider.grants
    assert.deepEqual(more, [])
    assert.equal(grant.status, 200)
    assert.equal(grant.grant_type, 'authorization_code')
    assert.match(grant.verifier, /^[A-Za-z0-9_~.-]{43,128}$/)
    assert.ok(grant.basic && !grant.in_body)
  },
  'a code that was used brings nobody in': async (site) => {
    const browser = site.browser()
    const first = new URL(await site.openhumans_return(browser))
    assert.equal((await browser.visit(first.href)).url, `${site.world.url}/member`)
    browser.cookies.delete('tidemark')
    const again = new URL(await site.openhumans_return(browser))
    again.searchParams.set('code', first.searchParams.get('code'))
    const page = await browser.visit(again.href)
    assert.equal(new URL(page.url).pathname, '/')
    assert.deepEqual([site.provider.grants.at(-1).status, site.provider.grants.at(-1).error], [400, 'invalid_grant'])
  },
  'a code of another browser meets the wrong verifier': async (site) => {
    const victim = new URL(await site.openhumans_return(site.browser()))
    const thief = site.browser()
    const own = new URL(await site.openhumans_return(thief))
    own.searchParams.set('code', victim.searchParams.get('code'))
    const page = await thief.visit(own.href)
    assert.equal(new URL(page.url).pathname, '/')
    assert.equal(thief.cookies.get('tidemark'), undefined)
    assert.deepEqual([site.provider.grants.at(-1).status, site.provider.grants.at(-1).error], [400, 'invalid_grant'])
  },
  'weeks arrive, each step with a token renewed in time': async (site) => {
    const browser = site.browser()
    await site.sign_in(browser)
    const page = await site.connect(browser)
    assert.match(page.html, /member\/disconnect/)
    await until('the first sync', async () => (await site.job())?.state === 'done')
    assert.ok([...site.provider.files.values()].some((each) => each.completed && /github-\d{4}/.test(each.basename)))
    const renewals = site.provider.grants.filter((each) => each.grant_type === 'refresh_token')
    assert.ok(renewals.length > 0)
    assert.ok(renewals.every((each) => each.status === 200 && each.basic))
  },
  'a token that has ended is renewed, and the old pair is dead': async (site) => {
    const old = site.provider.memory.tokens.at(-1)
    await new Promise((resolve) => setTimeout(resolve, old.accessTokenExpiresAt - Date.now() + 100))
    assert.equal(await api_status(site, old.accessToken), 401)
    const before = site.provider.grants.length
    await site.world.tell_simulators('/world', { add_commits: commits_of(login, `${login}/two`, 300, 3).map(JSON.parse) })
    await site.command('sync', member)
    await until('the second sync', async () => (await site.job())?.state === 'done' && site.provider.grants.length > before)
    const made = site.provider.grants.slice(before)
    assert.ok(made.length > 0 && made.every((each) => each.grant_type === 'refresh_token' && each.status === 200))
    assert.ok(!site.provider.memory.tokens.some((each) => each.refreshToken === old.refreshToken))
    const basic = Buffer.from(`${encodeURIComponent(client.id)}:${encodeURIComponent(client.secret)}`).toString('base64')
    const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: old.refreshToken })
    const headers = { authorization: `Basic ${basic}` }
    const answer = await fetch(`${site.provider.url}/oauth2/token/`, { method: 'POST', body, headers })
    assert.equal(answer.status, 400)
  },
}

const site = new Site()
let passed = 0
let failed = 0
try {
  await site.start()
  for (const [name, body] of Object.entries(cases)) {
    const number = passed + failed + 1
    try {
      await body(site)
      passed += 1
      console.log(`ok ${number} - ${name}`)
    } catch (error) {
      failed += 1
      console.log(`not ok ${number} - ${name}`)
      console.log(`  # ${error.stack.replaceAll('\n', '\n  # ')}`)
      console.log(`  # ${JSON.stringify(site.provider.grants.slice(-5))}`)
      console.log(`  # ${site.world.said('daemon.log').split('\n').slice(-8).join('\n  # ')}`)
    }
  }
} finally {
  await site.stop()
}
console.log(`1..${passed + failed}`)
console.log(`${passed} passed, ${failed} failed`)
if (failed > 0 || passed === 0) process.exitCode = 1
