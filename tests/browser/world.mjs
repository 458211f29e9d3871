// The real tidemark beside simulated GitHub and Open Humans, in a folder of its own.
import { spawn } from 'node:child_process'
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const day_s = 86_400

// One commit a line, `count` of them spread over the last `days` days.
export function commits_of(login, repository, days, count) {
  const now_s = Math.floor(Date.now() / 1000)
  return Array.from({ length: count }, (_, i) => {
    const at_s = now_s - Math.floor((days * day_s * (count - i)) / count)
    const time = new Date(at_s * 1000).toISOString().replace('.000Z', '+00:00')
    const sha = Buffer.from(`${login}${i}`.padEnd(20, '.')).toString('hex').slice(0, 40)
    return JSON.stringify({
      repo: repository, sha, author: login, authored: time, committed: time, merge: false,
      additions: 1 + (i % 90), deletions: i % 17, subject: `step ${i}`,
    })
  })
}

export async function free_port() {
  const server = net.createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address()
  await new Promise((resolve) => server.close(resolve))
  return port
}

// Asks until `question` answers something; what it says in vain is in the error.
export async function until(what, question, limit_ms = 10_000) {
  const end = Date.now() + limit_ms
  let last
  while (Date.now() < end) {
    last = await question()
    if (last) return last
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`${what}: not within ${limit_ms} ms`)
}

function toml(settings) {
  return Object.entries(settings).map(([section, values]) => [`[${section}]`,
    ...Object.entries(values).map(([name, value]) => `${name} = ${JSON.stringify(value)}`)].join('\n')).join('\n')
}

export class World {
  constructor(programs) {
    this.programs = programs
    this.folder = mkdtempSync(join(tmpdir(), 'tidemark-flow-'))
    this.children = []
  }

  file(name) {
    return join(this.folder, name)
  }

  write(name, text) {
    writeFileSync(this.file(name), text, { mode: 0o600 })
    return this.file(name)
  }

  run(program, words, name) {
    const child = spawn(`${this.programs}/${program}`, words,
      { stdio: ['ignore', openSync(this.file(`${name}.out`), 'a'), openSync(this.file(`${name}.log`), 'a')] })
    child.ended = new Promise((resolve) => child.once('exit', resolve).once('error', resolve))
    this.children.push(child)
    return child
  }

  said(name) {
    return readFileSync(this.file(name), 'utf8')
  }

  // `flags`: more of tidemark-sim; `stop_after_s` ends it even when we cannot.
  async start_simulators(commits, flags = [], stop_after_s = 120) {
    const file = this.write('commits.ndjson', commits.join('\n') + '\n')
    this.run('tests/tidemark-sim', ['--commits', file, '--stop-after-s', String(stop_after_s), ...flags], 'simulators')
    await until('tidemark-sim greets', () => this.said('simulators.out').includes('\n'))
    Object.assign(this, JSON.parse(this.said('simulators.out').split('\n')[0]))
  }

  // `more`: settings that add to these, by section.
  async start_daemon(more = {}) {
    const settings = {
      store: { path: this.file('store'), key_file: this.file('key'), free_mb_min: 1 },
      control: { socket: this.file('control.sock'), token_file: this.file('token'), tcp_address: '' },
      public: { port: 0 },
      github: {
        api_url: this.github, graphql_url: `${this.github}/graphql`, web_url: this.github,
        client_id: this.github_client_id, client_secret_file: this.write('github-secret', this.github_client_secret),
      },
      openhumans: {
        url: this.openhumans, client_id: this.openhumans_client_id,
        client_secret_file: this.write('openhumans-secret', this.openhumans_client_secret),
        webhook_secret_file: this.write('webhook-secret', this.openhumans_webhook_secret),
      },
    }
    for (const [section, values] of Object.entries(more)) {
      settings[section] = { ...settings[section], ...values }
    }
    this.public_port = settings.public.port
    const file = this.write('tidemark.toml', toml(settings))
    this.daemon = this.run('tidemark', ['--config', file, 'serve'], 'daemon')
    await until('tidemark serves', () => / members' pages: (\S+)/.test(this.said('daemon.log')))
      .catch((error) => { throw new Error(`${error.message}; it said: ${this.said('daemon.log')}`) })
    this.url = this.said('daemon.log').match(/ members' pages: (\S+)/)[1]
  }

  // The control API, over its socket.
  control(path) {
    return ask({ socketPath: this.file('control.sock'), path, headers: { host: 'localhost' } })
  }

  async files_of(member) {
    return (await (await fetch(`${this.admin}/files/${member}`)).json()).files ?? []
  }

  async tell_simulators(path, body) {
    const answer = await fetch(this.admin + path, { method: 'POST', body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`)
  }

  // When there is no time to wait: as stop(), at once.
  end() {
    for (const child of this.children) child.kill('SIGKILL')
    rmSync(this.folder, { recursive: true, force: true })
  }

  // Nothing is left running, and no folder.
  async stop() {
    for (const child of this.children) {
      child.kill('SIGTERM')
      const hard = setTimeout(() => child.kill('SIGKILL'), 5_000)
      await child.ended
      clearTimeout(hard)
    }
    rmSync(this.folder, { recursive: true, force: true })
  }
}

// {status, headers, text}; `options` as of http.request, with `body`, and `via` for https.
export function ask({ body, via = http, ...options }) {
  return new Promise((resolve, reject) => {
    const request = via.request({ timeout: 10_000, ...options }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (piece) => { text += piece })
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, text, socket: request.socket }))
    })
    request.on('timeout', () => request.destroy(new Error('no answer within 10 s')))
    request.on('error', reject)
    request.end(body)
  })
}
