// Starts tidemark-sim, and consents to what a client asks of it, as a person with cookies would.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

const commits = 'tests/simulators/tests/commits.ndjson'

export async function start_simulator(program, flags) {
  const child = spawn(program, ['--commits', commits, '--stop-after-s', '60', ...flags],
    { stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const line of createInterface({ input: child.stdout })) {
    return { ...JSON.parse(line), stop: () => child.kill() }
  }
  throw new Error(`${program} ended without a greeting; build tidemark-sim first`)
}

// The address that a consent leads back to.
export async function consent(authorize_url, cookie, allow = 'yes') {
  const headers = { cookie, 'user-agent': 'a browser' }
  const page = await fetch(authorize_url, { headers, redirect: 'manual' })
  if (page.status === 302) return new URL(page.headers.get('location'))
  const html = await page.text()
  const fields = new URLSearchParams({ allow })
  for (const [, name, value] of html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)) {
    fields.set(name, value.replaceAll('&amp;', '&'))
  }
  for (const [, value] of html.matchAll(/name="grant" value="([^"]*)" checked/g)) fields.append('grant', value)
  const action = html.match(/<form method="post" action="([^"]*)"/)[1]
  const answer = await fetch(new URL(action, authorize_url),
    { method: 'POST', body: fields, headers, redirect: 'manual' })
  return answer.status === 302 ? new URL(answer.headers.get('location')) : answer
}
