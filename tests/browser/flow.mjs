// The whole way of a member in a real browser, against the real tidemark and simulated providers.
//
//   node tests/browser/flow.mjs build/dev [CHAIN]
// Pictures of every step are kept in build/dev/screenshots/flow. Prints TAP and a last line
// "N passed, N failed"; exits 1 when one failed.
import { mkdirSync, rmSync } from 'node:fs'
import { conclude, limit_time, run_chain } from './cases.mjs'
import { open_chromium } from './chromium.mjs'
import { Person } from './person.mjs'
import { World, commits_of, free_port } from './world.mjs'
import {
  keyboard_only, leaving_at_open_humans, phone_in_the_dark, second_thoughts, without_script,
} from './other_ways.mjs'
import { whole_path } from './whole_path.mjs'

const build = process.argv[2] ?? 'build/dev'

const people = { mona: 'Mona', ben: 'Ben', nora: 'Nora', carl: 'Carl', kim: 'Kim', pia: 'Pia', lea: 'Lea' }

function world_flags(port) {
  const persons = Object.values(people).flatMap((name, i) => ['--person', `0000000${i + 1}:${name}`])
  return [...persons, '--quota-graphql', '3', '--window-s', '4', '--window-anchor', 'first', '--service-ms', '20',
    '--openhumans-enrollment-url', `http://localhost:${port}/openhumans/start`,
    '--openhumans-webhook', `http://localhost:${port}/openhumans/deauth`]
}

function histories() {
  const short = Object.keys(people).filter((login) => login !== 'mona')
  return [...commits_of('mona', 'mona/harbour', 3_600, 3_000),
    ...short.flatMap((login) => commits_of(login, `${login}/boat`, 50, 20))]
}

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }
const chains = [
  { name: 'Mona', cases: whole_path },
  { name: 'Nora', cases: without_script, options: { javaScriptEnabled: false } },
  { name: 'Carl', cases: second_thoughts },
  { name: 'Kim', cases: keyboard_only },
  { name: 'Pia', cases: phone_in_the_dark, options: { ...phone, colorScheme: 'dark' } },
  { name: 'Lea', cases: leaving_at_open_humans, options: { colorScheme: 'dark' } },
]

const world = new World(build)
const site = { world, screenshots: `${build}/screenshots/flow` }
site.open = (name, options) => Person.open(site, name, options)
const in_time = limit_time(180, [world])
try {
  rmSync(site.screenshots, { recursive: true, force: true })
  mkdirSync(site.screenshots, { recursive: true })
  const port = await free_port()
  await world.start_simulators(histories(), world_flags(port), 200)
  // Another host name than the providers': only then is the way back from them cross-site.
  await world.start_daemon({ public: { port, url: `http://localhost:${port}`, requests_per_minute: 10_000 } })
  site.browser = await open_chromium()
  await Promise.all(chains.filter(({ name }) => [undefined, name].includes(process.argv[3]))
    .map((chain) => run_chain(site, chain)))
} finally {
  await site.browser?.close()
  await world.stop()
  in_time()
}
conclude()
