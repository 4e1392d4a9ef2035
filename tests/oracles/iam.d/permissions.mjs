// A policy as single permissions: an action on a resource, of items with one pattern of `dynamodb:LeadingKeys` where a
// condition limits them.

const OPERATOR = 'ForAllValues:StringLike'
const KEYS = 'dynamodb:LeadingKeys'

export function permissionsOf(document) {
  return document.Statement.flatMap((statement) =>
    list(statement.Action).flatMap((action) =>
      list(statement.Resource).flatMap((resource) =>
        (keysOf(statement) ?? [undefined]).map((key) => ({ sid: statement.Sid, action, resource, key })),
      ),
    ),
  )
}

// The policy without one permission. Each statement falls apart into one for each action and resource, which allows the same.
export function without(document, { sid, action, resource, key }) {
  const statements = document.Statement.flatMap((statement) =>
    list(statement.Action).flatMap((one) => list(statement.Resource).map((of) => ({ ...statement, Action: one, Resource: of }))),
  )
  const left = statements.flatMap((statement) => {
    if (statement.Sid !== sid || statement.Action !== action || statement.Resource !== resource) return [statement]
    const keys = (keysOf(statement) ?? []).filter((other) => other !== key)
    return keys.length ? [{ ...statement, Condition: { [OPERATOR]: { [KEYS]: keys } } }] : []
  })
  return { ...document, Statement: left.map((statement, place) => ({ ...statement, Sid: `S${place}` })) }
}

// The patterns of a statement; any other condition, effect or field is none that is known here.
function keysOf(statement) {
  const { Sid, Effect, Action, Resource, Condition, ...others } = statement
  const { [OPERATOR]: condition, ...otherOperators } = Condition ?? {}
  const { [KEYS]: keys, ...otherKeys } = condition ?? {}
  const unknown = { ...others, ...otherOperators, ...otherKeys }
  if (Effect !== 'Allow' || Object.keys(unknown).length || (Condition && !keys)) {
    throw new Error(`${Sid}: the oracle does not know this kind of statement`)
  }
  return keys && list(keys)
}

export function list(value) {
  return Array.isArray(value) ? value : [value]
}
