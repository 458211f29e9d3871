// Holds the simulators against an OAuth client of good standing, oauth4webapi: what it takes for a
// server, ours are too.
//
//   node tests/oauth/simulators.mjs build/dev
// Prints TAP and a last line "N passed, N failed"; exits 1 when one failed.
import assert from 'node:assert/strict'
import { github_cases } from './github.mjs'
import { openhumans_cases } from './openhumans.mjs'
import { start_simulator } from './simulated.mjs'

const program = `${process.argv[2] ?? 'build/dev'}/tests/tidemark-sim`
let passed = 0
let failed = 0

async function run(cases, simulator) {
  for (const [name, body] of Object.entries(cases)) {
    const number = passed + failed + 1
    try {
      await body(simulator)
      passed += 1
      console.log(`ok ${number} - ${name}`)
    } catch (error) {
      failed += 1
      console.log(`not ok ${number} - ${name}`)
      console.log(`  # ${error.stack.replaceAll('\n', '\n  # ')}`)
    }
  }
}

const oauth_app = await start_simulator(program, [])
const github_app = await start_simulator(program, ['--github-app'])
try {
  assert.match(oauth_app.github, /^http:\/\/127/)
  await run(openhumans_cases, oauth_app)
  await run(github_cases.oauth_app, oauth_app)
  await run(github_cases.github_app, github_app)
} finally {
  oauth_app.stop()
  github_app.stop()
}
console.log(`1..${passed + failed}`)
console.log(`${passed} passed, ${failed} failed`)
if (failed > 0 || passed === 0) process.exitCode = 1
