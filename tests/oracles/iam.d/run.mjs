// Simulates what each function asks of AWS against its policy, on what deployed.py made of the template.

import { readFileSync } from 'node:fs'
import { Simulator } from './simulator.mjs'
import { hostileRequests, requestsOf } from './requests.mjs'
import { permissionsOf, without } from './permissions.mjs'

// Permissions that no request here needs. IAM's reference gives these actions no resource, so that the simulator knows none;
// AWS's own examples limit them as the template does.
const EXPLAINED = [
  { policy: 'publish-payment-events', action: 'dynamodb:ListStreams', why: 'of Lambda, as a reader of the stream' },
  { policy: 'deployment-hook', action: 'codedeploy:PutLifecycleEventHookExecutionStatus', why: 'of the hook, once in a deployment' },
]

const [tools, recordedFile] = process.argv.slice(2)
const recorded = readFileSync(recordedFile, 'utf8').trim().split('\n').map((line) => JSON.parse(line))
const { boundary, ...deployments } = JSON.parse(readFileSync(`${tools}/deployed.json`, 'utf8'))
const faults = new Set()

for (const [name, deployed] of Object.entries(deployments)) {
  const simulator = new Simulator(tools, deployed.tags)
  const requests = requestsOf(deployed, recorded)
  const counts = { requests: 0, permissions: 0, hostile: 0 }
  for (const [policy, { policy: document }] of Object.entries(deployed.functions)) {
    const own = requests.filter((request) => request.policy === policy)
    counts.requests += own.length
    for (const request of own) {
      if (!(await simulator.allows(document, request))) faults.add(`missing: ${shown(request)}`)
      else if (!(await simulator.allows(document, request, boundary))) faults.add(`outside of the boundary: ${shown(request)}`)
    }
    for (const permission of permissionsOf(document)) {
      counts.permissions += 1
      if (EXPLAINED.some((spare) => spare.policy === policy && spare.action === permission.action)) continue
      if (!(await isNeeded(simulator, document, permission, own))) faults.add(`spare: ${policy}: ${shownPermission(permission)}`)
    }
    for (const request of hostileRequests(deployed, policy, requests)) {
      counts.hostile += 1
      if (await simulator.allows(document, request)) faults.add(`allowed, and nothing asks for it: ${shown(request)}`)
    }
  }
  const functions = Object.keys(deployed.functions).length
  console.log(
    `${name}: ${functions} policies, ${counts.requests} requests allowed or named below, ` +
      `${counts.permissions} permissions, ${counts.hostile} hostile requests`,
  )
}
for (const { policy, action, why } of EXPLAINED) console.log(`not simulated: ${policy}: ${action}: ${why}`)
for (const fault of [...faults].sort()) console.log(fault)
process.exitCode = faults.size ? 1 : 0

// Whether some request that is allowed is denied without the permission.
async function isNeeded(simulator, document, permission, requests) {
  const less = without(document, permission)
  for (const request of requests.filter(({ action }) => action === permission.action)) {
    if ((await simulator.allows(document, request)) && !(await simulator.allows(less, request))) return true
  }
  return false
}

function shown({ policy, action, resource, keys }) {
  return `${policy}: ${action} on ${resource}${keys ? ` of ${keys.join(', ')}` : ''}`
}

function shownPermission({ sid, action, resource, key }) {
  return `${sid}: ${action} on ${resource}${key ? ` of ${key}` : ''}`
}
