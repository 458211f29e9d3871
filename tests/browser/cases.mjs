// Runs chains of cases and counts them.
let passed = 0
let failed = 0

// A chain is a story: after a step that failed, the rest cannot be told.
export async function run_cases(name, cases, given, on_failure = () => {}) {
  let broken = ''
  for (const [title, body] of Object.entries(cases)) {
    const began = Date.now()
    const sentence = `${name}: ${title.replaceAll('_', ' ')}`
    try {
      if (broken) throw new Error(`not reached: "${broken}" failed`)
      await body(...given)
      passed += 1
      console.log(`ok ${passed + failed} - ${sentence} (${Date.now() - began} ms)`)
    } catch (error) {
      failed += 1
      console.log(`not ok ${passed + failed} - ${sentence}\n  # ${error.stack.replaceAll('\n', '\n  # ')}`)
      if (!broken) await on_failure()
      broken ||= title
    }
  }
}

// In a browser of its own; a picture shows where it broke.
export async function run_chain(site, { name, cases, options }) {
  const person = await site.open(name, options)
  try {
    await run_cases(name, cases, [person, site], () =>
      person.page.screenshot({ path: `${site.screenshots}/${name}-failed.png`, fullPage: true }).catch(() => {}))
  } finally {
    await person.close()
  }
}

// Whatever hangs, and however this ends: the programs of `worlds` end with it.
export function limit_time(seconds, worlds) {
  process.on('exit', () => worlds.forEach((world) => world.end()))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1))
  const end = setTimeout(() => {
    console.log(`not ok - not within ${seconds} s`)
    process.exit(1)
  }, seconds * 1000)
  return () => clearTimeout(end)
}

export function conclude() {
  console.log(`1..${passed + failed}`)
  console.log(`${passed} passed, ${failed} failed`)
  if (failed > 0 || passed === 0) process.exitCode = 1
}
