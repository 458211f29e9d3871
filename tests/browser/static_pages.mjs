// Every page in a real browser: light and dark, phone and desktop.
//
//   node tests/browser/static_pages.mjs build/dev    after tests_daemon, which writes the pages
//
// Leaves screenshots in build/dev/screenshots/pages. Ends with "N passed, N failed".
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import axe from 'axe-core'
import { open_chromium, watch } from './chromium.mjs'
import { progress_of, serve_pages } from './page_server.mjs'
import { live_cases } from './live_page.mjs'

const build = process.argv[2] ?? 'build/dev'
const folder = join(build, 'pages')
const screenshots = join(build, 'screenshots', 'pages')
const looks = [['light', 390], ['light', 1280], ['dark', 390], ['dark', 1280]]
let passed = 0
let failed = 0

function report(name, problems) {
  if (problems.length === 0) passed += 1
  else failed += 1
  console.log(`${problems.length === 0 ? 'ok' : 'not ok'} - ${name}`)
  for (const problem of problems) console.log(`  # ${problem}`)
}

// Runs axe; of a look that differs from one that was checked whole, the rules that see colour or room.
async function violations(page, is_whole) {
  const found = await page.evaluate((whole) => globalThis.axe.run(document, {
    resultTypes: ['violations'],
    ...(whole ? { rules: { 'target-size': { enabled: true } } }
      : { runOnly: ['color-contrast', 'link-in-text-block', 'scrollable-region-focusable', 'target-size'] }),
  }), is_whole)
  return found.violations.map((each) =>
    `axe ${each.id}: ${each.help}: ${each.nodes.slice(0, 3).map((node) => node.target.join(' ')).join(', ')}`)
}

async function check_look(page, name, [scheme, width], is_whole) {
  await page.emulateMedia({ colorScheme: scheme })
  await page.setViewportSize({ width, height: 844 })
  await page.screenshot({ path: join(screenshots, `${name}-${scheme}-${width}.png`), fullPage: true })
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  const problems = beyond > 0 ? [`${beyond} px wider than the window`] : []
  problems.push(...await violations(page, is_whole))
  return problems.map((problem) => `${scheme}, ${width} px: ${problem}`)
}

async function check_page(context, origin, name) {
  const page = await context.newPage()
  const problems = watch(page, origin)
  await page.goto(`${origin}/${name}`)
  await page.evaluate(axe.source)
  for (const [at, look] of looks.entries()) problems.push(...await check_look(page, name, look, at % 3 === 0))
  await page.close()
  report(name, problems)
}

// The pages of one tab; two are open at a time.
async function check_pages(browser, origin, names) {
  const context = await browser.newContext()
  for (const name of names) await check_page(context, origin, name)
  await context.close()
}

const names = readdirSync(folder).filter((file) => file.endsWith('.html')).map((file) => file.slice(0, -5))
rmSync(screenshots, { recursive: true, force: true })
mkdirSync(screenshots, { recursive: true })
const browser = await open_chromium()
const server = await serve_pages(folder, (path, from) => (path === '/member/progress' ? { body: progress_of(folder, from) } : null))
try {
  const half = (at) => names.filter((_, index) => index % 2 === at)
  await Promise.all([0, 1].map((at) => check_pages(browser, server.origin, half(at))))
  for (const [name, run] of live_cases(browser, folder)) {
    report(name, await run().catch((error) => [error.stack]))
  }
} finally {
  server.close()
  await browser.close()
}
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 && passed > 0 ? 0 : 1)
