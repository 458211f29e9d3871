// A person with a browser of their own, and everything that must hold on each page they come to.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const axe_source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const wait_ms = 15_000

// What the Content-Security-Policy forbids, in the text itself.
function inline_parts(html) {
  const found = []
  if (/<script(?![^>]*\ssrc=)/i.test(html)) found.push('a script in the page')
  if (/<style[\s>]/i.test(html)) found.push('a style in the page')
  for (const [tag] of html.matchAll(/<[a-z][^>]*>/gi)) {
    if (/\s(style|on[a-z]+)\s*=/i.test(tag)) found.push(tag)
    if (/\s(src|href|action)\s*=\s*"?(javascript|data):/i.test(tag)) found.push(tag)
  }
  return found
}

export class Person {
  // `options`: of the browser's context, such as a viewport.
  static async open(site, name, options = {}) {
    const context = await site.browser.newContext({ locale: 'en-GB', ...options })
    context.setDefaultTimeout(wait_ms)
    const person = new Person(site, name, context, await context.newPage())
    person.has_script = options.javaScriptEnabled ?? true
    return person
  }

  constructor(site, name, context, page) {
    Object.assign(this, { site, name, context, page, problems: [], reading: [], returns: [], pages_seen: 0 })
    context.on('request', (request) => this.judge_request(request))
    context.on('response', (response) => this.reading.push(this.judge_response(response)))
    context.on('console', (message) => {
      if (message.type() === 'error' && this.is_ours(message.page()?.url() ?? '')) {
        this.problems.push(`console: ${message.text()}`)
      }
    })
    context.on('weberror', (error) => this.problems.push(`error in a script: ${error.error().stack}`))
  }

  is_ours(url) {
    return url === this.site.world.url || url.startsWith(this.site.world.url + '/')
  }

  judge_request(request) {
    const url = request.url()
    if (this.is_ours(url)) {
      if (/\/(openhumans|github)\/complete\?/.test(url)) this.returns.push(url)
      return
    }
    const { github, openhumans } = this.site.world
    const provider = [github, openhumans].some((origin) => url.startsWith(origin + '/'))
    // Their own pages may load what is theirs.
    const from_ours = request.isNavigationRequest() ? false : this.is_ours(request.frame().url())
    if (!provider || from_ours) this.problems.push(`a request leaves the site: ${request.method()} ${url}`)
  }

  async judge_response(response) {
    if (!this.is_ours(response.url())) return
    const where = response.url().slice(this.site.world.url.length)
    const headers = await response.headersArray().catch(() => [])
    for (const { name, value } of headers) {
      if (name.toLowerCase() !== 'set-cookie') continue
      for (const word of ['HttpOnly', 'SameSite=Lax', 'Path=/']) {
        if (!value.includes(word)) this.problems.push(`${where}: the cookie lacks ${word}: ${value}`)
      }
    }
    const type = headers.find(({ name }) => name.toLowerCase() === 'content-type')?.value ?? ''
    if (!type.startsWith('text/html') || response.status() >= 300 && response.status() < 400) return
    const html = await response.text().catch(() => '')  // a page that was left before it was there
    for (const part of inline_parts(html)) this.problems.push(`${where}: inline: ${part}`)
  }

  // What was found wrong since the last time.
  async take_problems() {
    await Promise.all(this.reading.splice(0))
    return this.problems.splice(0)
  }

  // To be called on every page: keeps a picture and holds the page to all that must be true of it.
  async sees(step, { page = this.page } = {}) {
    this.pages_seen += 1
    const number = String(this.pages_seen).padStart(2, '0')
    await page.screenshot({ path: join(this.site.screenshots, `${this.name}-${number}-${step}.png`), fullPage: true })
    const problems = await this.take_problems()
    for (const cookie of await this.context.cookies(this.site.world.url)) {
      if (!cookie.name.startsWith('tidemark')) continue
      if (!cookie.httpOnly) problems.push(`cookie ${cookie.name} is not HttpOnly`)
      if (cookie.sameSite !== 'Lax') problems.push(`cookie ${cookie.name} is ${cookie.sameSite}`)
    }
    problems.push(...await this.axe(page), ...await this.take_problems())
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    if (wide > 0) problems.push(`the page is ${wide} px wider than the window`)
    assert.deepEqual(problems, [], `${this.name}, ${step}`)
  }

  async axe(page) {
    const judged = this.has_script ? page : await this.twin_of(page)
    await judged.evaluate(axe_source)
    const { violations } = await judged.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }))
    if (judged !== page) await judged.context().close()
    return violations.map(({ id, help, nodes }) => `axe ${id}: ${help}: ${nodes.map(({ html }) => html).join(' ')}`)
  }

  // axe needs script: the same page where there is some, but none of the page's own.
  async twin_of(page) {
    const html = (await page.content()).replace(/<script.*?<\/script>|<noscript>.*?<\/noscript>/gs, '')
    const context = await this.site.browser.newContext()
    const twin = await context.newPage()
    await twin.route(page.url(), (route) => route.fulfill({ contentType: 'text/html', body: html }))
    await twin.goto(page.url())
    return twin
  }

  link(name) {
    return this.page.getByRole('link', { name, exact: true })
  }

  button(name) {
    return this.page.getByRole('button', { name, exact: true })
  }

  // The provider's pages, where the person is asked who they are and whether they agree.
  async says_at(origin, ...answers) {
    await this.page.waitForURL((url) => url.origin === origin)
    for (const answer of answers) await this.button(answer).click()
  }

  async is_at(path) {
    const { url } = this.site.world
    await this.page.waitForURL((at) => at.origin === url && at.pathname === path)
    await this.page.waitForLoadState()
  }

  async is_told(sentence) {
    await this.page.locator('.flash', { hasText: sentence }).waitFor()
  }

  // The member page's own account of itself.
  activity() {
    return this.page.locator('#progress').getAttribute('data-activity')
  }

  async signs_in(at_openhumans = this.name) {
    await this.page.goto(this.site.world.url)
    await this.link('Sign in with Open Humans').first().click()
    await this.says_at(this.site.world.openhumans, at_openhumans, 'Authorize')
    await this.is_at('/member')
  }

  async connects(login = this.name) {
    await this.button('Connect GitHub').click()
    await this.says_at(this.site.world.github, login, 'Authorize')
    await this.is_at('/member')
  }

  close() {
    return this.context.close()
  }
}
