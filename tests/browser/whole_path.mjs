// From the landing page to a full heat map, and out again, as Mona goes it.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { until } from './world.mjs'

const id = '00000001'

export const whole_path = {
  async the_landing_page_and_the_pages_about_it(mona, { world }) {
    await mona.page.goto(world.url)
    await mona.sees('landing')
    await mona.link('See exactly what is shared').click()
    await mona.is_at('/sharing')
    await mona.sees('sharing')
    await mona.link('About').click()
    await mona.is_at('/about')
    await mona.sees('about')
    await mona.page.goto(`${world.url}/nothing-here`)
    assert.match(await mona.page.locator('h1').textContent(), /Nothing is here/)
    assert.match((await mona.take_problems()).join(), /status of 404/)  // the browser's own word
    await mona.sees('nothing-here')
  },

  async what_the_policy_forbids_is_refused_and_seen(mona, { world }) {
    await mona.page.goto(world.url)
    await mona.page.evaluate(async (elsewhere) => {
      const script = document.createElement('script')
      script.textContent = 'globalThis.inline_ran = true'
      document.head.append(script)
      await fetch(elsewhere).catch(() => {})
    }, world.github)
    assert.equal(await mona.page.evaluate(() => globalThis.inline_ran), undefined)
    const problems = (await mona.take_problems()).join('\n')
    assert.match(problems, /script-src/)
    assert.match(problems, /connect-src/)
  },

  async signing_in_with_open_humans(mona, { world }) {
    await mona.link('Sign in with Open Humans').first().click()
    await mona.says_at(world.openhumans, 'Mona', 'Authorize')
    await mona.is_at('/member')
    await mona.is_told('Welcome. One step is left: connect GitHub.')
    await mona.sees('welcome')
  },

  async connecting_github(mona, { world }) {
    assert.equal(await mona.page.getByLabel('Public work only').isChecked(), true)
    await mona.button('Connect GitHub').click()
    await mona.says_at(world.github, 'mona')
    await mona.page.getByText('It may see public data only.').waitFor()
    await mona.button('Authorize').click()
    await mona.is_at('/member')
    await mona.is_told('GitHub is connected.')
  },

  // At once: on a busy machine the waits are over before a page has been looked at thoroughly.
  async a_quota_wait_appears_by_itself_with_its_end(mona) {
    await mona.page.evaluate(() => { globalThis.same_page = true })
    const waiting = mona.page.locator('#progress[data-activity=waiting] .say')
      .filter({ hasText: /Waiting for GitHub.s quota until .*; \d+ of \d+ weeks are done/ })
    await waiting.waitFor({ timeout: 60_000 })
    const end = Date.parse(await waiting.locator('time').getAttribute('datetime'))
    assert.ok(Math.abs(end - Date.now()) < 10_000, `a moment of the window, not ${new Date(end)}`)
    assert.equal(await mona.page.evaluate(() => globalThis.same_page), true, 'the page was not loaded anew')
    await mona.sees('waiting')
  },

  async the_heat_map_fills_and_every_week_is_uploaded(mona, { world }) {
    await mona.page.locator('#progress[data-activity=idle]').waitFor({ timeout: 60_000 })
    const { weeks } = JSON.parse((await world.control(`/v1/members/${id}`)).text)
    const cells = await mona.page.locator('.map td span').evaluateAll((spans) =>
      spans.map((span) => span.textContent.replace(/Week \d+: | \(.*/g, '').replace(/,? ?\d.*/, '')))
    const count = (words) => cells.filter((each) => each.startsWith(words)).length
    assert.equal(count('uploaded'), weeks.uploaded)
    assert.ok(weeks.uploaded > 170, `every year with work: ${weeks.uploaded}`)
    assert.equal(count('uploaded') + count('no activity'), weeks.uploaded + weeks.complete)
    assert.deepEqual([count('not over yet'), count('waiting'), count('read'), count('incomplete')], [1, 0, 0, 0])
    assert.equal(await mona.page.locator('.totals dd').first().textContent(), String(weeks.uploaded))
    const names = (await world.files_of(id)).map(({ basename }) => basename)
    assert.ok(names.includes('github-profile.json'), names.join())
    assert.ok(names.some((name) => /^github-\d{4}\.json$/.test(name)), names.join())
    await mona.sees('full')
  },

  async an_update_now_and_why_the_next_must_wait(mona) {
    const other_tab = await mona.context.newPage()
    await other_tab.goto(mona.page.url())
    await mona.button('Update now').click()
    await mona.is_told('An update has been started.')
    assert.equal(await mona.button('Update now').isDisabled(), true)
    await mona.page.getByText(/Again possible at .*once an hour/).waitFor()
    await mona.sees('updating')
    await other_tab.getByRole('button', { name: 'Update now' }).click()
    await other_tab.getByText('An update was asked for not long ago.').waitFor()
    await mona.sees('cooling-down', { page: other_tab })
    await other_tab.close()
  },

  async a_download_of_all_that_is_kept(mona) {
    const [download] = await Promise.all([
      mona.page.waitForEvent('download'), mona.link('Download everything').click()])
    assert.equal(download.suggestedFilename(), `tidemark-${id}.json`)
    const all = JSON.parse(await readFile(await download.path(), 'utf8'))
    assert.equal(all.member.github_login, 'mona')
    assert.equal(all.weeks.flatMap(({ commits = [] }) => commits).length, 3_000)
    assert.ok(all.files_at_open_humans.length > 3)
    assert.doesNotMatch(JSON.stringify(all), /gho_|ghu_|"access|"refresh/)
  },

  async another_person_cannot_take_her_account(mona, site) {
    const ben = await site.open('Ben')
    await ben.signs_in('Ben')
    await ben.button('Connect GitHub').click()
    await ben.says_at(site.world.github, 'mona')  // she agreed before: GitHub does not ask again
    await ben.is_at('/member')
    await ben.is_told('already connected by another member here')
    await ben.sees('linked-elsewhere')
    await ben.button('Connect GitHub').click()
    await ben.says_at(site.world.github, 'ben', 'Authorize')  // now it asks who he is
    await ben.is_at('/member')
    await ben.is_told('GitHub is connected.')
    await ben.close()
  },

  async signing_out_and_in_again_needs_no_consent(mona, { world }) {
    await mona.button('Sign out').click()
    await mona.is_told('You are signed out.')
    await mona.sees('signed-out')
    await mona.page.goto(`${world.url}/member`)
    await mona.is_at('/')
    await mona.link('Sign in with Open Humans').first().click()
    await mona.is_at('/member')
    await mona.is_told('You are signed in.')
  },

  async disconnecting_gives_the_access_back_and_connecting_again_goes_on(mona, { world }) {
    await mona.page.getByText('Disconnect GitHub', { exact: true }).first().click()
    await mona.button('Disconnect GitHub').click()
    await mona.is_told('GitHub is disconnected')
    await mona.sees('disconnected')
    const job = async () => JSON.parse((await world.control('/v1/jobs')).text)
      .jobs.find(({ kind, key }) => kind === 'disconnect' && key === id)
    await until('the grant is revoked', async () => (await job())?.state === 'done')
    await mona.button('Connect GitHub').click()
    await mona.says_at(world.github, 'Authorize')  // asked again: GitHub has forgotten the grant
    await mona.is_told('GitHub is connected.')
    await mona.sees('connected-again')
    await mona.page.locator('#progress[data-activity=idle]').waitFor({ timeout: 20_000 })
  },

  async deleting_everything_leaves_nothing_behind(mona, { world }) {
    assert.ok((await world.files_of(id)).length > 0)
    await mona.link('Delete my data').click()
    await mona.is_at('/member/delete')
    assert.equal(await mona.page.getByLabel(/Also remove the files of this project from Open Humans/).isChecked(), true)
    await mona.sees('delete')
    await mona.button('Delete my data').click()
    await mona.is_at('/goodbye')
    await mona.sees('goodbye')
    await until('the daemon knows no such member', async () =>
      (await world.control(`/v1/members/${id}`)).status === 404)
    assert.deepEqual(await world.files_of(id), [])
    const cookies = await mona.context.cookies(world.url)
    assert.deepEqual(cookies.filter(({ name }) => name === 'tidemark'), [])
  },
}
