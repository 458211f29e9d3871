// The member's page while one looks at it: what its script does, and how it does without.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { watch } from './chromium.mjs'
import { progress_of, serve_pages } from './page_server.mjs'

const now = new Date('2026-05-02T14:05:00Z')

// Opens /member as a page of that name; `site` says what the server answers from then on.
async function opened(browser, folder, start, options = {}) {
  const site = { page: start, fragment: start, status: 200, asked: 0 }
  const text = (name) => readFileSync(join(folder, `${name}.html`), 'utf8')
  const server = await serve_pages(folder, (path) => {
    if (path === '/member') return site.status === 200 ? { body: text(site.page) } : { status: 303, location: '/landing' }
    if (path !== '/member/progress') return null
    site.asked += 1
    if (site.status !== 200) return { status: site.status, body: 'no' }
    return { body: progress_of(folder, site.fragment) }
  })
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'en-GB', ...options })
  const page = await context.newPage()
  await page.clock.install({ time: now })
  const problems = watch(page, server.origin)
  await page.goto(`${server.origin}/member`)
  const close = async () => {
    await context.close()
    server.close()
    return problems
  }
  return { page, site, problems, close }
}

// Lets `seconds` pass for the page's timers, and waits until `done` holds.
async function pass(page, seconds, done) {
  await page.clock.runFor(seconds * 1000)
  for (let tries = 0; tries < 200 && !(await done()); tries += 1) await new Promise((resolve) => setTimeout(resolve, 10))
  return done()
}

const status_of = (page) => page.locator('#progress .say').textContent()

async function goes_on_without_moving(browser, folder) {
  const { page, site, problems, close } = await opened(browser, folder, 'member_running')
  const region = page.locator('.map-scroll')
  await region.evaluate((element) => { element.scrollLeft = 200; element.focus(); element.mark = 'same' })
  site.fragment = 'member_running_later'
  const before = await page.locator('.bar p').textContent()
  if (!(await pass(page, 2, async () => (await page.locator('.bar p').textContent()) !== before))) problems.push('the bar stands still')
  const kept = await region.evaluate((element) => [element.scrollLeft, element === document.activeElement, element.mark])
  if (String(kept) !== '200,true,same') problems.push(`moved: ${kept}`)
  return close()
}

async function what_one_can_do_follows(browser, folder) {
  const { page, site, problems, close } = await opened(browser, folder, 'member_running')
  const button = page.getByRole('button', { name: 'Update now' })
  if (await button.isEnabled()) problems.push('can be pressed while it runs')
  site.page = site.fragment = 'member_up_to_date'
  if (!(await pass(page, 2, () => button.isEnabled()))) problems.push('cannot be pressed afterwards')
  if (!(await status_of(page)).includes('up to date')) problems.push('the status is old')
  return close()
}

async function shows_local_time(browser, folder) {
  const { page, problems, close } = await opened(browser, folder, 'member_waiting', { timezoneId: 'Asia/Tokyo' })
  const time = page.locator('.say time')
  const seen = [await time.textContent(), await time.getAttribute('title')]
  if (String(seen) !== '23:32,14:32 UTC') problems.push(`shows ${seen}`)
  return close()
}

async function stops_after_errors(browser, folder) {
  const { page, site, problems, close } = await opened(browser, folder, 'member_running')
  site.status = 500
  for (let turn = 1; turn <= 5; turn += 1) {
    if (!(await pass(page, 20, () => site.asked >= turn))) problems.push(`asked ${site.asked} times, not ${turn}`)
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
  await pass(page, 300, () => true)
  if (site.asked !== 5) problems.push(`asked ${site.asked} times`)
  const others = problems.filter((each) => !each.includes('500') && !each.startsWith('failed'))
  await close()
  return others
}

async function leaves_when_signed_out(browser, folder) {
  const { page, site, problems, close } = await opened(browser, folder, 'member_running')
  site.status = 401
  if (!(await pass(page, 2, () => page.url().endsWith('/landing')))) problems.push(`still at ${page.url()}`)
  const others = problems.filter((each) => !each.includes('401') && !each.startsWith('failed'))
  await close()
  return others
}

async function rests_while_hidden(browser, folder) {
  const { page, site, problems, close } = await opened(browser, folder, 'member_running')
  const show = (state) => page.evaluate((value) => {
    Object.defineProperty(document, 'visibilityState', { value, configurable: true })
    document.dispatchEvent(new Event('visibilitychange'))
  }, state)
  await show('hidden')
  await pass(page, 60, () => true)
  if (site.asked !== 0) problems.push(`asked ${site.asked} times while hidden`)
  await show('visible')
  if (!(await pass(page, 2, () => site.asked > 0))) problems.push('does not go on')
  return close()
}

async function a_week_tells_itself(browser, folder) {
  const { page, problems, close } = await opened(browser, folder, 'member_up_to_date', { javaScriptEnabled: true })
  const cell = page.locator('tbody td').nth(2)
  await cell.hover()
  const text = await cell.locator('span').boundingBox()
  if (text.width < 150 || text.x + text.width > 390) problems.push(`${text.width} px of text at ${text.x}`)
  return close()
}

async function works_by_keyboard(browser, folder) {
  const { page, problems, close } = await opened(browser, folder, 'member_up_to_date')
  const reached = []
  for (let tab = 0; tab < 20; tab += 1) {
    await page.keyboard.press('Tab')
    reached.push(await page.evaluate(() => {
      const element = document.activeElement
      const outline = getComputedStyle(element).outlineStyle
      return `${element.className || element.textContent.trim()}${outline === 'none' ? ' without outline' : ''}`
    }))
  }
  for (const wanted of ['skip', 'Sign out', 'map-scroll', 'Update now', 'button second', 'Disconnect GitHub', 'row danger']) {
    if (!reached.some((each) => each === wanted || (wanted === 'Sign out' && each === 'quiet'))) problems.push(`${wanted} is not among ${reached.join(' | ')}`)
  }
  if (reached[0] !== 'skip') problems.push(`first comes ${reached[0]}`)
  return close()
}

async function nothing_moves_for_who_asked(browser, folder) {
  const { page, problems, close } = await opened(browser, folder, 'member_starting', { reducedMotion: 'reduce' })
  const moving = await page.evaluate(() => document.getAnimations().length)
  if (moving !== 0) problems.push(`${moving} animations`)
  return close()
}

async function shows_all_without_script(browser, folder) {
  const { page, problems, close } = await opened(browser, folder, 'member_waiting', { javaScriptEnabled: false })
  if (!(await status_of(page)).includes('14:32 UTC')) problems.push('no time in UTC')
  if ((await page.locator('meta[http-equiv=refresh]').getAttribute('content')) !== '10') problems.push('is not loaded anew')
  await page.locator('summary', { hasText: 'Disconnect' }).click()
  if (!(await page.getByRole('button', { name: 'Disconnect GitHub' }).isVisible())) problems.push('cannot disconnect')
  return close()
}

export function live_cases(browser, folder) {
  return [
    goes_on_without_moving, what_one_can_do_follows, shows_local_time, stops_after_errors,
    leaves_when_signed_out, rests_while_hidden, a_week_tells_itself, works_by_keyboard,
    nothing_moves_for_who_asked, shows_all_without_script,
  ].map((run) => [run.name, () => run(browser, folder)])
}
