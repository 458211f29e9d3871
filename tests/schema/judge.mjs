import { getOperationAST, parse, validate } from 'graphql'
import { getVariableValues } from 'graphql/execution/values.js'
import { price } from './price.mjs'

const nodes_max = 500_000

// {problems, requests, nodes, cost} of one query with its variables.
export function judge(schema, asked) {
  const judged = { problems: [], requests: 0, nodes: 0, cost: 0 }
  let document
  try {
    document = parse(asked.query)
  } catch (error) {
    judged.problems.push(error.message)
    return judged
  }
  judged.problems.push(...validate(schema, document).map((error) => error.message))
  const operation = getOperationAST(document, asked.operationName)
  if (!operation) judged.problems.push('no single operation: give operationName')
  if (judged.problems.length > 0) return judged
  const { coerced, errors } = getVariableValues(
    schema, operation.variableDefinitions ?? [], asked.variables ?? {})
  if (errors) {
    judged.problems.push(...errors.map((error) => error.message))
    return judged
  }
  Object.assign(judged, price(schema, document, operation, coerced, judged.problems))
  if (judged.nodes > nodes_max) {
    judged.problems.push(`${judged.nodes} nodes: GitHub's limit is ${nodes_max}`)
  }
  if (asked.cost !== undefined && asked.cost !== judged.cost) {
    judged.problems.push(`predicted cost ${asked.cost}, by the rule it is ${judged.cost}`)
  }
  return judged
}
