// Holds queries against GitHub's public schema and prices them with its types, apart from the daemon
// and the simulator.
//
//   node tests/schema/validate.mjs queries.jsonl       lines of {"query","variables"?,"cost"?,"name"?}
//   node tests/schema/validate.mjs --self-test         known prices, known mistakes, and the
//                                                      simulator's own part of the schema
// Prints TAP and a last line "N passed, N failed"; exits 1 when one failed, 2 when there were none.
import { readFileSync } from 'node:fs'
import { check_simulator_schema } from './simulator_schema.mjs'
import { right, wrong } from './examples.mjs'
import { github_schema } from './github_schema.mjs'
import { judge } from './judge.mjs'

let passed = 0
let failed = 0

function report(name, problems) {
  const number = passed + failed + 1
  if (problems.length === 0) passed += 1
  else failed += 1
  console.log(`${problems.length === 0 ? 'ok' : 'not ok'} ${number} - ${name}`)
  for (const problem of problems) console.log(`  # ${problem}`)
}

function title_of(asked, number) {
  const start = asked.query.replace(/\s+/g, ' ').trim().slice(0, 60)
  return asked.name ?? `query ${number}: ${start}`
}

function check_lines(schema, text) {
  text.split('\n').forEach((line, index) => {
    if (line.trim() === '') return
    let asked
    try {
      asked = JSON.parse(line)
    } catch (error) {
      report(`line ${index + 1}`, [`not JSON: ${error.message}`])
      return
    }
    const judged = judge(schema, asked)
    report(`${title_of(asked, index + 1)} (cost ${judged.cost}, nodes ${judged.nodes})`, judged.problems)
  })
}

function self_test(schema) {
  for (const asked of right) {
    const judged = judge(schema, asked)
    const problems = judged.problems
    for (const key of ['requests', 'nodes']) {
      if (asked[key] !== undefined && asked[key] !== judged[key]) {
        problems.push(`${key}: ${judged[key]}, not ${asked[key]}`)
      }
    }
    report(asked.name, problems)
  }
  for (const asked of wrong) {
    const found = judge(schema, asked).problems.join('\n')
    report(`refused: ${asked.name}`, found.includes(asked.why) ? [] : [`found only: ${found}`])
  }
  for (const { name, problems } of check_simulator_schema(schema)) report(name, problems)
}

const schema = github_schema()
if (process.argv.includes('--self-test')) self_test(schema)
else check_lines(schema, readFileSync(process.argv[2], 'utf8'))
console.log(`1..${passed + failed}`)
console.log(`${passed} passed, ${failed} failed`)
if (passed + failed === 0) process.exitCode = 2
else if (failed > 0) process.exitCode = 1
