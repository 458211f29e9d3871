import { getNamedType, isObjectType, Kind } from 'graphql'
import { getArgumentValues } from 'graphql/execution/values.js'

const page_max = 100
const ids_max = 100

// GitHub's rule: each connection counts as often as it must be fetched, which is the product of the
// sizes above it; the sum is divided by 100 and rounded, at least 1.
export function price(schema, document, operation, variables, problems) {
  const fragments = new Map()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
  }
  const total = { requests: 0, nodes: 0 }

  function size_of(field, values, selection) {
    const size = values.first ?? values.last
    if (size === undefined || size === null) {
      const pages = names_below(selection.selectionSet, fragments)
      if (pages.has('nodes') || pages.has('edges')) {
        problems.push(`${field.name}: needs first or last to page`)
      }
      return 0
    }
    if (size < 1 || size > page_max) problems.push(`${field.name}: ${size} is not from 1 to ${page_max}`)
    return size
  }

  function walk(set, type, times) {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        if (!selection.name.value.startsWith('__')) walk_field(selection, type, times)
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition = selection.typeCondition?.name.value
        walk(selection.selectionSet, condition ? schema.getType(condition) : type, times)
      } else {
        const fragment = fragments.get(selection.name.value)
        walk(fragment.selectionSet, schema.getType(fragment.typeCondition.name.value), times)
      }
    }
  }

  function walk_field(selection, type, times) {
    const field = type.getFields()[selection.name.value]
    const inner = getNamedType(field.type)
    const values = getArgumentValues(field, selection, variables)
    let below = times
    if (isObjectType(inner) && inner.name.endsWith('Connection')) {
      const size = size_of(field, values, selection)
      total.requests += times
      total.nodes += times * size
      below = times * Math.max(size, 1)
    } else if (type === schema.getQueryType() && field.name === 'nodes') {
      if (values.ids.length > ids_max) problems.push(`nodes: ${values.ids.length} ids, at most ${ids_max}`)
      total.nodes += times * values.ids.length
      below = times * Math.max(values.ids.length, 1)
    }
    if (selection.selectionSet) walk(selection.selectionSet, inner, below)
  }

  walk(operation.selectionSet, schema.getQueryType(), 1)
  return { ...total, cost: Math.max(1, Math.round(total.requests / 100)) }
}

// Names of the fields right below, through fragments.
function names_below(set, fragments) {
  const names = new Set()
  for (const selection of set?.selections ?? []) {
    if (selection.kind === Kind.FIELD) names.add(selection.name.value)
    else {
      const inner = selection.selectionSet ?? fragments.get(selection.name.value).selectionSet
      for (const name of names_below(inner, fragments)) names.add(name)
    }
  }
  return names
}
