import { readFileSync } from 'node:fs'
import { Kind, parse, print } from 'graphql'

const source = new URL('../simulators/graphql/schema_text.cpp', import.meta.url)

// Compares what the simulator believes of GitHub's types with the real ones, type by type.
export function check_simulator_schema(schema) {
  const text = readFileSync(source, 'utf8')
  const begin = text.indexOf('R"(') + 3
  const document = parse(text.slice(begin, text.indexOf(')"', begin)))
  return document.definitions.map((definition) => ({
    name: `the simulator's ${definition.name.value} is as in GitHub's schema`,
    problems: compare(schema, definition),
  }))
}

function compare(schema, definition) {
  const real = schema.getType(definition.name.value)
  if (!real) return ['GitHub has no such type']
  const problems = []
  if (definition.kind === Kind.OBJECT_TYPE_DEFINITION) {
    const interfaces = real.getInterfaces().map((each) => each.name)
    for (const each of definition.interfaces) {
      if (!interfaces.includes(each.name.value)) problems.push(`does not implement ${each.name.value}`)
    }
  }
  for (const field of definition.fields) {
    const name = field.name.value
    const known = real.getFields()[name]
    if (!known) {
      problems.push(`${name}: GitHub has no such field`)
      continue
    }
    if (String(known.type) !== print(field.type)) {
      problems.push(`${name}: ${print(field.type)}, really ${known.type}`)
    }
    for (const argument of field.arguments) {
      const known_argument = known.args.find((each) => each.name === argument.name.value)
      if (String(known_argument?.type) !== print(argument.type)) {
        problems.push(`${name}(${argument.name.value}): really ${known_argument?.type}`)
      }
    }
  }
  return problems
}
