// The same way as others go it: without script, with the keyboard, on a phone in the dark, changing
// their minds, and leaving by another door.
import assert from 'node:assert/strict'
import { until } from './world.mjs'

async function has_first_week(person, id) {
  const { world } = person.site
  const weeks = async () => JSON.parse((await world.control(`/v1/members/${id}`)).text).weeks
  await until('a week is uploaded', async () => (await weeks())?.uploaded > 0, 20_000)
  await until('it is on the page', async () => {
    await person.page.reload()
    return (await person.page.locator('.map td[class^=up]').count()) > 0
  })
}

export const without_script = {
  async the_landing_page_works(nora, { world }) {
    await nora.page.goto(world.url)
    await nora.sees('landing')
  },

  async signing_in_and_connecting_need_no_script(nora) {
    await nora.signs_in()
    await nora.sees('welcome')
    await nora.connects('nora')
    await nora.sees('connected')
    assert.match(await nora.page.content(), /<noscript><meta http-equiv="refresh" content="10">/)
  },

  async the_first_week_appears_when_the_page_is_loaded_anew(nora) {
    await has_first_week(nora, '00000003')
    await nora.sees('first-weeks')
    await until('it says since when all is there', async () => {
      await nora.page.reload()
      return /Everything is up to date since \d\d:\d\d UTC/.test(await nora.page.locator('.say').textContent())
    }, 20_000)
    await nora.sees('full')
  },

  async signing_out(nora) {
    await nora.button('Sign out').click()
    await nora.is_told('You are signed out.')
    await nora.sees('signed-out')
  },
}

export const second_thoughts = {
  async cancelling_at_open_humans_is_explained(carl, { world }) {
    await carl.page.goto(world.url)
    await carl.link('Sign in with Open Humans').first().click()
    await carl.says_at(world.openhumans, 'Carl', 'Cancel')
    await carl.is_at('/')
    await carl.is_told('You did not allow access at Open Humans. Nothing was changed.')
    await carl.sees('cancelled-at-open-humans')
    await carl.page.reload()
    assert.equal(await carl.page.locator('.flash').count(), 0, 'it is said once')
  },

  async the_project_page_at_open_humans_leads_straight_in(carl, { world }) {
    await carl.page.goto(`${world.openhumans}/project/`)
    await carl.link('Connect').click()
    await carl.says_at(world.openhumans, 'Authorize')
    await carl.is_at('/member')
    await carl.sees('welcome')
  },

  async a_return_that_was_used_is_explained(carl) {
    const used = carl.returns.at(-1)
    assert.match(used, /\/openhumans\/complete\?code=/)
    await carl.page.goto(used)
    await carl.is_at('/member')
    await carl.is_told('Please start again.')
    await carl.sees('used-return')
  },

  async cancelling_at_github_is_explained(carl, { world }) {
    await carl.button('Connect GitHub').click()
    await carl.says_at(world.github, 'carl', 'Cancel')
    await carl.is_told('You did not allow access at GitHub. Nothing was changed.')
    await carl.sees('cancelled-at-github')
  },

  async private_work_must_be_allowed_when_it_was_chosen(carl, { world }) {
    await carl.page.getByLabel('Public and private work').check()
    await carl.button('Connect GitHub').click()
    await carl.page.waitForURL((url) => url.origin === world.github)
    await carl.page.getByLabel('repo').uncheck()
    await carl.button('Authorize').click()
    await carl.is_told('GitHub allowed less than you chose.')
    await carl.sees('allowed-less')
  },

  async then_it_goes_on(carl, { world }) {
    await carl.page.getByLabel('Public work only').check()
    await carl.button('Connect GitHub').click()
    await carl.is_at('/member')
    await carl.is_told('GitHub is connected.')
    await carl.page.goto(carl.returns.at(-1))
    await carl.is_told('Please start again.')
    await carl.page.goto(`${world.url}/member`)
    await has_first_week(carl, '00000004')
  },
}

// Presses Tab until `name` has the focus, where it can be seen, and then Enter.
async function tab_to(person, name, key = 'Enter') {
  for (let i = 0; i < 40; ++i) {
    await person.page.keyboard.press('Tab')
    const there = await person.page.evaluate(() => {
      const { activeElement } = document
      const { outlineStyle, boxShadow } = getComputedStyle(activeElement)
      const label = activeElement.labels?.[0] ?? activeElement
      return { text: label.textContent.trim(), is_seen: outlineStyle !== 'none' || boxShadow !== 'none' }
    })
    if (!there.text.startsWith(name)) continue
    assert.ok(there.is_seen, `one sees where the focus is: ${name}`)
    await person.page.keyboard.press(key)
    return
  }
  throw new Error(`Tab never comes to "${name}"`)
}

export const keyboard_only = {
  async from_the_landing_page_to_open_humans_and_back(kim, { world }) {
    await kim.page.goto(world.url)
    await kim.page.keyboard.press('Tab')
    assert.equal(await kim.page.evaluate(() => document.activeElement.textContent), 'Skip to the content')
    await kim.sees('skip-link')
    await kim.page.keyboard.press('Enter')
    await tab_to(kim, 'Sign in with Open Humans')
    await kim.page.waitForURL((url) => url.origin === world.openhumans)
    await tab_to(kim, 'Kim')
    await kim.button('Authorize').waitFor()
    await tab_to(kim, 'Authorize')
    await kim.is_at('/member')
  },

  async choosing_private_work_and_connecting(kim, { world }) {
    await tab_to(kim, 'Public work only', 'ArrowDown')
    assert.equal(await kim.page.getByLabel('Public and private work').isChecked(), true)
    await kim.sees('private-work')
    await tab_to(kim, 'Connect GitHub')
    await kim.page.waitForURL((url) => url.origin === world.github)
    await tab_to(kim, 'kim')
    await kim.button('Authorize').waitFor()
    await tab_to(kim, 'Authorize')
    await kim.is_at('/member')
    await kim.is_told('GitHub is connected.')
    await kim.page.getByText('public and private work', { exact: false }).first().waitFor()
    await tab_to(kim, 'Disconnect GitHub')
    assert.equal(await kim.button('Disconnect GitHub').isVisible(), true)
    await kim.sees('opened')
  },
}

export const phone_in_the_dark = {
  async every_page_fits(pia, { world }) {
    for (const path of ['/', '/sharing', '/about']) {
      await pia.page.goto(world.url + path)
      await pia.sees(path === '/' ? 'landing' : path.slice(1))
    }
  },

  async from_the_landing_page_to_the_full_heat_map(pia) {
    await pia.signs_in()
    await pia.sees('welcome')
    await pia.connects('pia')
    await pia.page.locator('#progress[data-activity=idle]').waitFor({ timeout: 20_000 })
    const week = pia.page.locator('.map td.now')
    const box = await week.boundingBox()
    assert.ok(box.x > 0 && box.x + box.width < 390, `this week is in sight, not at ${box.x}`)
    await pia.sees('full')
    await pia.link('Delete my data').click()
    await pia.sees('delete')
  },
}

export const leaving_at_open_humans = {
  async a_member_with_weeks(lea) {
    await lea.signs_in()
    await lea.connects('lea')
    await lea.page.locator('#progress[data-activity=idle]').waitFor({ timeout: 20_000 })
  },

  async erasure_there_reaches_the_open_page_here(lea, { world }) {
    const there = await lea.context.newPage()
    await there.goto(`${world.openhumans}/member/me/`)
    await there.getByLabel('erase my data').check()
    await there.getByRole('button', { name: 'Leave project' }).click()
    await until('the daemon knows no such member', async () =>
      (await world.control('/v1/members/00000007')).status === 404)
    assert.deepEqual(await world.files_of('00000007'), [])
    await there.close()
    await lea.page.bringToFront()
    await lea.page.reload()
    await lea.is_at('/')
    await lea.is_told('Your sign-in has ended.')
    await lea.sees('gone')
  },
}
