// Runs chains of cases, each in a browser of its own, and counts them.
let passed = 0
let failed = 0

function report(lines) {
  console.log(lines.join('\n'))
}

// A chain is a story: after a step that failed, the rest cannot be told.
export async function run_chain(site, { name, cases, options }) {
  const person = await site.open(name, options)
  let broken = ''
  try {
    for (const [title, body] of Object.entries(cases)) {
      const began = Date.now()
      const sentence = `${name}: ${title.replaceAll('_', ' ')}`
      try {
        if (broken) throw new Error(`not reached: "${broken}" failed`)
        await body(person, site)
        passed += 1
        report([`ok ${passed + failed} - ${sentence} (${Date.now() - began} ms)`])
      } catch (error) {
        failed += 1
        report([`not ok ${passed + failed} - ${sentence}`, `  # ${error.stack.replaceAll('\n', '\n  # ')}`])
        if (!broken) await person.page.screenshot({ path: `${site.screenshots}/${name}-failed.png`, fullPage: true }).catch(() => {})
        broken ||= title
      }
    }
  } finally {
    await person.close()
  }
}

export function conclude() {
  console.log(`1..${passed + failed}`)
  console.log(`${passed} passed, ${failed} failed`)
  if (failed > 0 || passed === 0) process.exitCode = 1
}
