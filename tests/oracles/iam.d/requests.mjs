// The requests that a deployment makes of AWS: those that the API tests recorded, and those that AWS makes with a function's
// role. And requests that none of them makes.

const ACCOUNT = 'arn:aws:dynamodb:eu-west-1:123456789012'
const WRITES = ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:ConditionCheckItem']
const ON_THE_TABLE = ['dynamodb:Scan', 'dynamodb:DeleteTable', 'dynamodb:UpdateTable', 'dynamodb:BatchWriteItem', 'dynamodb:PartiQLDelete']

export function requestsOf(deployed, recorded) {
  return [...recorded.flatMap((request) => ofTests(deployed, request)), ...ofAws(deployed)]
}

// A recorded request, on the resource that the function's variables name.
function ofTests({ functions }, { function: policy, action, index, variable, leading_keys: keys }) {
  const { variables } = functions[policy]
  const request = (resource) => [{ policy, action, resource, keys: keys?.length ? keys : undefined }]
  if (action === 'secretsmanager:GetSecretValue') {
    // Of a parameter that a first deployment leaves empty. A function without the variable is denied.
    if (variables[variable] === '') return []
    return request(variables[variable])
  }
  if (action.startsWith('dynamodb:')) {
    return request(`${ACCOUNT}:table/${variables.TABLE_NAME}${index ? `/index/${index}` : ''}`)
  }
  if (action.startsWith('events:')) return request(`arn:aws:events:eu-west-1:123456789012:event-bus/${variables.EVENT_BUS_NAME}`)
  if (action.startsWith('sqs:')) return request(queue(variables.FAILURE_QUEUE_URL))
  throw new Error(`${policy} asks for ${action}, which the oracle does not know`)
}

// What no local stack sees: Lambda writes logs, reads the stream and gives up on its records; the hook is Python.
function ofAws({ functions, stream }) {
  const logs = Object.entries(functions).flatMap(([policy, { log_group: group }]) =>
    ['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => ({
      policy,
      action,
      resource: `arn:aws:logs:eu-west-1:123456789012:log-group:${group}:log-stream:2026/01/02/[7]0123456789abcdef`,
    })),
  )
  const policy = 'publish-payment-events'
  const reads = ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator']
  const ofStream = reads.map((action) => ({ policy, action, resource: stream }))
  const gaveUp = { policy, action: 'sqs:SendMessage', resource: queue(functions[policy].variables.FAILURE_QUEUE_URL) }
  const hook = 'deployment-hook'
  const versions = functions[hook].variables.VERSIONS.split(',')
  const invoked = versions.map((resource) => ({ policy: hook, action: 'lambda:InvokeFunction', resource }))
  return [...logs, ...ofStream, gaveUp, ...invoked]
}

// What a function must not be able to do: its own requests at another table, writes of items that others alone write, also
// beside its own, others' secrets, and what no function does.
export function hostileRequests({ functions }, policy, requests) {
  const own = requests.filter((request) => request.policy === policy)
  const table = `${ACCOUNT}:table/${functions[policy].variables.TABLE_NAME}`
  const elsewhere = own
    .filter(({ resource }) => resource.startsWith(`${table}`))
    .map((request) => ({ ...request, resource: request.resource.replace(table, `${table}-of-another`) }))
  if (!functions[policy].variables.TABLE_NAME) return []
  const onTable = ON_THE_TABLE.filter((action) => !own.some((request) => request.action === action)).map((action) => ({
    policy,
    action,
    resource: table,
  }))
  const kinds = new Set(requests.filter(({ action }) => WRITES.includes(action)).flatMap(({ keys }) => keys))
  const writes = WRITES.flatMap((action) => {
    const mine = new Set(own.filter((request) => request.action === action).flatMap(({ keys }) => keys))
    const others = [...kinds].filter((key) => ![...mine].some((known) => kindOf(known) === kindOf(key)))
    return others.flatMap((key) => [[key], [...mine, key]]).map((keys) => ({ policy, action, resource: table, keys }))
  })
  const fetches = ({ action }) => action === 'secretsmanager:GetSecretValue'
  const mine = new Set(own.filter(fetches).map(({ resource }) => resource))
  const secrets = new Set(requests.filter(fetches).map(({ resource }) => resource))
  const fetched = [...secrets].filter((secret) => !mine.has(secret))
  return [
    ...elsewhere,
    ...onTable,
    ...writes,
    ...fetched.map((resource) => ({ policy, action: 'secretsmanager:GetSecretValue', resource })),
  ]
}

// `PARKED#…` and `PARKED_EVENT#…` are one kind to the policies.
function kindOf(key) {
  return key.split(/[#_]/)[0]
}

function queue(url) {
  return `arn:aws:sqs:eu-west-1:123456789012:${url.split('/').at(-1)}`
}
