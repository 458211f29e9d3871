// Debian's chromium, quiet and with a new empty profile.
import { chromium } from 'playwright-core'

const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync']

export function open_chromium() {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: flags })
}

// Whatever is wrong with a page while it is used: errors, violations of the policy, requests that
// leave `origin`. Call before the page is opened.
export function watch(page, origin) {
  const problems = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => problems.push(`script: ${error.message}`))
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== origin) problems.push(`leaves the origin: ${request.url()}`)
  })
  page.on('requestfailed', (request) => problems.push(`failed: ${request.url()}`))
  return problems
}
