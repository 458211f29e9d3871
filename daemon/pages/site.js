'use strict'
// The member's page, kept up to date while one looks at it. Without this script it works as well:
// it then loads itself anew, and times are in UTC.

const failures_most = 5
const locale = /^en\b/.test(navigator.language) ? navigator.language : 'en-GB'
let failures = 0
let timer = 0

// "14:32 UTC" becomes the viewer's own time; the UTC stays as a title.
function localize(root) {
  const clock = { hour: 'numeric', minute: '2-digit' }
  for (const time of root.querySelectorAll('time[datetime]')) {
    const at = new Date(time.dateTime)
    if (Number.isNaN(at.getTime())) continue
    const now = new Date()
    const day = at.toDateString() === now.toDateString() ? {} : { day: 'numeric', month: 'short' }
    const year = at.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' }
    time.title = time.textContent
    time.textContent = at.toLocaleString(locale, { ...(day.day ? { ...day, ...year } : {}), ...clock })
  }
}

// On a narrow screen the map opens at this week, not in January.
const shown = new WeakSet()
function show_this_week() {
  const map = document.querySelector('.map-scroll')
  const week = map?.querySelector('.now')
  if (!week || shown.has(map)) return
  shown.add(map)
  map.scrollLeft += week.getBoundingClientRect().right - map.getBoundingClientRect().right + 24
}

// Makes `old` like `fresh` with as few changes as possible: what is focused, scrolled or opened stays,
// and a screen reader hears only what is new.
function patch(old, fresh) {
  if (old.isEqualNode(fresh)) return
  const alike = old.nodeType === fresh.nodeType && old.nodeName === fresh.nodeName
  if (!alike) {
    old.replaceWith(document.importNode(fresh, true))
    return
  }
  if (old.nodeType !== Node.ELEMENT_NODE) {
    old.nodeValue = fresh.nodeValue
    return
  }
  patch_attributes(old, fresh)
  if (old.childNodes.length !== fresh.childNodes.length) {
    old.replaceChildren(...[...fresh.childNodes].map((node) => document.importNode(node, true)))
    return
  }
  const wanted = [...fresh.childNodes]
  Array.from(old.childNodes).forEach((node, at) => patch(node, wanted[at]))
}

function patch_attributes(old, fresh) {
  for (const { name } of [...old.attributes]) {
    const is_own = name === 'open' && old.nodeName === 'DETAILS'
    if (!fresh.hasAttribute(name) && !is_own) old.removeAttribute(name)
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value)
  }
}

// The part of our page at `address` that `selector` names; null when the page must be loaded anew.
async function fetch_part(address, selector) {
  const answer = await fetch(address, { cache: 'no-cache', redirect: 'manual', credentials: 'same-origin' })
  if (answer.type === 'opaqueredirect' || answer.status === 401 || answer.status === 403) return null
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`)
  const part = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector(selector)
  if (part === null) throw new Error(`${address}: something else`)
  localize(part)
  return part
}

async function look(section) {
  const fresh = await fetch_part('/member/progress', '#progress')
  if (fresh === null) {
    location.reload()
    return false
  }
  if (fresh.dataset.activity === section.dataset.activity) {
    patch(section, fresh)
    return true
  }
  // Something began or ended: what one can do has changed too.
  const page = await fetch_part('/member', 'main')
  if (page === null) location.reload()
  else patch(document.querySelector('main'), page)
  return page !== null
}

function plan() {
  clearTimeout(timer)
  const section = document.getElementById('progress')
  if (section === null || document.visibilityState !== 'visible') return
  if (failures >= failures_most) return
  const wait = Number(section.dataset.pollMs) || 15000
  timer = setTimeout(turn, wait * 2 ** Math.min(failures, 3), section)
}

async function turn(section) {
  try {
    if (!(await look(section))) return
    show_this_week()
    failures = 0
  } catch {
    failures += 1
  }
  plan()
}

localize(document)
show_this_week()
document.addEventListener('visibilitychange', plan)
plan()
